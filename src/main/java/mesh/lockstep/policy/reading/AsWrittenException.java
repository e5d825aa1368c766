package mesh.lockstep.policy.reading;

import java.util.Optional;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.Rejection;

/// A policy that can be compared as written only: Cilium would reject it, or it means too much.
/// Caught in [SpecReading].
final class AsWrittenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// Characters. The beginning of a longer reason says enough.
    private static final int MAX_REASON = 300;

    private final boolean rejected;
    private final String place;

    /// Cilium would reject the policy.
    ///
    /// @param reason for people, as "unknown entity moon"
    AsWrittenException(String reason) {
        this(reason, true, "");
    }

    private AsWrittenException(String reason, boolean rejected, String place) {
        super(Clean.line(reason, MAX_REASON), null, false, false);
        this.rejected = rejected;
        this.place = place;
    }

    /// For a policy that Cilium may take, or of which it never hears: its definition keeps the API
    /// server from storing it.
    static AsWrittenException undecided(String reason) {
        return new AsWrittenException(reason, false, "");
    }

    /// The same, in that entry of a rule.
    AsWrittenException in(Section section, int entry) {
        return new AsWrittenException(reason(), rejected, section.field() + "[" + entry + "]");
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    /// That Cilium would reject the policy, with a place in the rule; empty where it may take it.
    Optional<Rejection> rejection() {
        return rejected ? Optional.of(new Rejection(place, reason())) : Optional.empty();
    }
}
