package mesh.lockstep.peers;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey.Kind;

/// How it stands with a peer.
///
/// @param synced whether everything it holds was read once
/// @param doubt why it cannot be compared from memory; empty if it can
/// @param policies how many it is remembered to hold
record PeerStatus(
        ClusterName peer,
        boolean synced,
        Optional<String> doubt,
        Optional<Instant> lastHeard,
        Map<Kind, Integer> policies) {

    PeerStatus {
        policies = Map.copyOf(policies);
    }

    boolean up() {
        return doubt.isEmpty();
    }
}
