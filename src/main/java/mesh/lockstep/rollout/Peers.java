package mesh.lockstep.rollout;

import java.time.Duration;
import java.util.List;
import mesh.lockstep.policy.PolicyKey;

/// The other clusters of the mesh: the only door from judging to the network.
public interface Peers {

    /// What every peer held when it was last heard of, in the order of their names. From memory;
    /// never waits.
    List<PeerView> recall(PolicyKey key);

    /// What one peer holds now, read from its API server. A peer that is unknown, or does not
    /// answer, is [Testimony.Silent].
    ///
    /// @param atMost how long to wait; the peers' own configured limit applies as well
    Testimony ask(ClusterName peer, PolicyKey key, Duration atMost);
}
