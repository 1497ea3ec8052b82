package api;

import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tides.Tides;

/** Serves the high waters. */
@SpringBootApplication
@RestController
public class Api {
    public static void main(String[] args) {
        SpringApplication.run(Api.class, args);
    }

    @GetMapping("/high")
    Map<String, List<String>> high() {
        return Map.of("high", Tides.high().stream().map(Object::toString).toList());
    }
}
