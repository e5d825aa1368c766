package mesh.lockstep.rollout;

import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;

/// What one peer holds under a policy's key.
public sealed interface PeerView {

    ClusterName peer();

    record Holds(ClusterName peer, Version version, Revision revision) implements PeerView {}

    record Lacks(ClusterName peer) implements PeerView {}

    /// Whatever it holds is its own affair: its Cilium does not share the namespace with the mesh.
    record Apart(ClusterName peer) implements PeerView {}

    /// We could not find out. Never the same as [Lacks].
    ///
    /// @param cause for people, in a few words: `not heard from for 75 s`
    record Unknown(ClusterName peer, String cause) implements PeerView {}
}
