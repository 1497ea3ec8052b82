"""High water of the day, by the rule of the shepherd's almanac."""

from datetime import timedelta

LUNAR_DAY = timedelta(hours=24, minutes=50)


def next_high_water(hours: float) -> float:
    return (hours + LUNAR_DAY / timedelta(hours=2)) % 24
