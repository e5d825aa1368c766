package mesh.lockstep.policy;

import java.util.Optional;

/// A Cilium policy as one cluster holds it.
///
/// @param version what is compared: worked out once, it is compared with that of every peer
public record Policy(PolicyKey key, Intent intent, Spec spec, Meaning meaning, Version version) {

    public Policy(PolicyKey key, Intent intent, Spec spec, Meaning meaning) {
        this(key, intent, spec, meaning, new Version(meaning.digest(), intent.members()));
    }

    /// Why Cilium would not take it; empty where it takes it, or may do so.
    public Optional<Rejection> rejection() {
        return meaning.rejection(spec);
    }
}
