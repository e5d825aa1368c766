package mesh.lockstep.rollout;

import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Revision;

/// A fact about a change and one peer. How severe it is, [Enforcement] says.
public sealed interface Finding {

    ClusterName peer();

    /// The peer has a higher revision and another version: this would go back.
    record Newer(ClusterName peer, Revision theirs) implements Finding {}

    /// The peer has the same revision and another version, of which it is not known that it is
    /// behind or ahead: a fork.
    ///
    /// @param joining whether some other peer already has what we change to, so that the change
    ///   brings the mesh nearer to agreement
    /// @param movedOn whether the peer's version is known to have come from the one we come from,
    ///   so that it is its change that comes first
    record Differs(ClusterName peer, boolean joining, boolean movedOn) implements Finding {}

    /// We take the policy out of what the peer shares with us.
    record Detached(ClusterName peer) implements Finding {}

    /// The peer has the same revision and exactly the version we come from: the rollout has not
    /// reached it yet.
    record Previous(ClusterName peer) implements Finding {}

    /// The peer has the same revision and a version from which the one we come from, or the one we
    /// go to, is known to have come: more than one rollout has not reached it yet.
    record Earlier(ClusterName peer) implements Finding {}

    /// The peer has the same revision and a version that is known to have come from the one we go
    /// to: we are catching up.
    record Ahead(ClusterName peer) implements Finding {}

    /// The peer has a lower revision: the rollout has not reached it yet.
    record Older(ClusterName peer, Revision theirs) implements Finding {}

    /// The peer has nothing under this key.
    record Missing(ClusterName peer) implements Finding {}

    /// We delete what the peer still has.
    record StillHeld(ClusterName peer) implements Finding {}

    /// We could not find out what the peer has.
    record Unknown(ClusterName peer, String cause) implements Finding {}

    /// The name by which messages, metrics, logs and `docs/findings.md` call it.
    default String name() {
        return getClass().getSimpleName();
    }
}
