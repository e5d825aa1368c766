package mesh.lockstep.policy.reading;

import java.util.Optional;
import mesh.lockstep.policy.AsWritten;
import mesh.lockstep.policy.AsWritten.Extent;
import mesh.lockstep.policy.AsWritten.Place;
import mesh.lockstep.policy.Clean;

/// A policy that can be compared as written only: Cilium would reject it, or it means too much.
/// Caught in [SpecReading].
final class AsWrittenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// Characters. The beginning of a longer reason says enough.
    private static final int MAX_REASON = 300;

    private final Extent extent;
    private final transient Optional<Place> place;

    /// Cilium would reject the policy.
    ///
    /// @param reason for people, as "unknown entity moon"
    AsWrittenException(String reason) {
        this(reason, Extent.REJECTED, Optional.empty());
    }

    private AsWrittenException(String reason, Extent extent, Optional<Place> place) {
        super(Clean.line(reason, MAX_REASON), null, false, false);
        this.extent = extent;
        this.place = place;
    }

    /// For a policy that Cilium may take, or of which it never hears: its definition keeps the API
    /// server from storing it.
    static AsWrittenException undecided(String reason) {
        return new AsWrittenException(reason, Extent.WHOLE, Optional.empty());
    }

    /// The same, in this place unless a closer one is known.
    AsWrittenException in(int rule, String within) {
        return place.isPresent()
                ? this
                : new AsWrittenException(reason(), extent, Optional.of(new Place(rule, within)));
    }

    AsWritten why() {
        return new AsWritten(extent, place, reason());
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
