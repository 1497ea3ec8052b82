package parcels;

import jakarta.validation.Valid;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Answers questions about parcels over HTTP. */
@SpringBootApplication
@RestController
public class Application {
    private static final String GREETING = "parcels";

    private final Parcels parcels;

    Application(Parcels parcels) {
        this.parcels = parcels;
    }

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @GetMapping("/health")
    Map<String, Object> health() {
        return Map.of("app", GREETING, "parcels", parcels.count());
    }

    @GetMapping("/parcels")
    List<Parcel> all() {
        return parcels.findAll();
    }

    @PostMapping("/parcels")
    Parcel add(@Valid @RequestBody Parcel parcel) {
        return parcels.save(parcel);
    }
}
