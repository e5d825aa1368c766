package mesh.lockstep.policy.reading;

import mesh.lockstep.policy.Clean;

/// A policy that can be compared as written only: Cilium would reject it, or it means too much.
/// Caught in [SpecReading].
final class AsWrittenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// Characters. The beginning of a longer reason says enough.
    private static final int MAX_REASON = 300;

    /// @param reason for people, as "unknown entity moon"
    AsWrittenException(String reason) {
        super(Clean.line(reason, MAX_REASON), null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
