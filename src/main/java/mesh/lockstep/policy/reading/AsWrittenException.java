package mesh.lockstep.policy.reading;

/// A policy that can be compared as written only: Cilium would reject it, or it means too much.
/// Caught in [SpecReading].
final class AsWrittenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// @param reason for people, as "unknown entity moon"
    AsWrittenException(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
