package mesh.lockstep.policy;

/// What two copies of a policy must have in common to be the same: what they mean, and which
/// members they are meant for. The revision is not part of it.
public record Version(Digest digest, Members members) {

    /// By which it is remembered when nobody holds it any more.
    public Fingerprint fingerprint() {
        return Fingerprint.of(this);
    }
}
