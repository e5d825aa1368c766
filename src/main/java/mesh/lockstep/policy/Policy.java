package mesh.lockstep.policy;

import java.util.function.Function;

/// A Cilium policy as one cluster holds it.
///
/// @param reading how this cluster takes a spec, so that a change to it can be tried
public record Policy(
        PolicyKey key,
        Intent intent,
        Spec spec,
        Meaning meaning,
        Function<Spec, Meaning> reading) {

    /// What is compared.
    public Version version() {
        return new Version(meaning.digest(), intent.members());
    }
}
