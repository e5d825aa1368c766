package mesh.lockstep.peers;

import java.util.Set;
import mesh.lockstep.peers.DigestStore.Held;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.reading.PolicyReader;

/// Turns a policy into what is kept of it.
///
/// @param reader of what the peer holds
/// @param pool shared by all peers
/// @param own whether the policies are this cluster's own
record Digesting(PolicyReader reader, Pool pool, boolean own) {

    PolicyKey key(PolicyObject object) {
        return pool.shared(object.key());
    }

    Held held(PolicyObject object) {
        var policy = object.read(reader);
        return pool.shared(
                new Held(
                        policy.version(),
                        policy.intent().revision(),
                        own ? Set.copyOf(policy.spec().cidrGroups()) : Set.of()));
    }
}
