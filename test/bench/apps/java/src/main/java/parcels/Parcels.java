package parcels;

import org.springframework.data.jpa.repository.JpaRepository;

/** Keeps parcels in the database. */
public interface Parcels extends JpaRepository<Parcel, String> {
}
