def next_tide(hours, after):
    return min(hour for hour in hours if hour > after)
