package parcels;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;

/** One that is on its way. */
@Entity
public class Parcel {
    @Id
    @NotBlank
    public String id;

    @Positive
    public int grams;
}
