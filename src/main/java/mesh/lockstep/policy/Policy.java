package mesh.lockstep.policy;

/// A Cilium policy as one cluster holds it.
public record Policy(PolicyKey key, Intent intent, Spec spec, Meaning meaning) {

    /// What is compared.
    public Version version() {
        return new Version(meaning.digest(), intent.members());
    }
}
