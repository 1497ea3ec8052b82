package tides;

import java.time.LocalTime;
import java.util.List;

/** The high waters of a day. */
public final class Tides {
    private Tides() {}

    public static List<LocalTime> high() {
        return List.of(LocalTime.of(0, 6), LocalTime.of(12, 31));
    }
}
