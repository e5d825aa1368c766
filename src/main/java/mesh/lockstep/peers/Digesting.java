package mesh.lockstep.peers;

import mesh.lockstep.peers.DigestStore.Held;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.reading.PolicyReader;

/// Turns a policy into what is kept of it.
///
/// @param reader of what the peer holds
/// @param pool shared by all peers
record Digesting(PolicyReader reader, Pool pool) {

    PolicyKey key(PolicyObject object) {
        return pool.shared(object.key());
    }

    Held held(PolicyObject object) {
        return pool.shared(object.held(reader));
    }
}
