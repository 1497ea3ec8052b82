package alarm;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import tides.Tides;

/** Prints the high waters. */
@SpringBootApplication
public class Alarm {
    public static void main(String[] args) {
        Tides.high().forEach(System.out::println);
    }
}
