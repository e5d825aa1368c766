package mesh.lockstep.policy.reading;

/// The Cilium whose source says how a policy is read. What a member runs may be another.
public final class Cilium {

    /// Of the files that are named here in every `Source`, and of the module that `make oracle`
    /// judges with.
    public static final String VERSION = "1.20.2";

    private Cilium() {}
}
