package mesh.lockstep.rollout;

/// A fact about a change and one peer. How severe it is, [Enforcement] says.
public sealed interface Finding {

    ClusterName peer();

    /// The peer has another spec, and not the one we come from: a third version.
    ///
    /// @param joining whether some other peer already has what we change to, so that the change
    ///   brings the mesh nearer to agreement
    record Differs(ClusterName peer, boolean joining) implements Finding {}

    /// The peer has exactly the version we come from: the rollout has not reached it yet.
    record Previous(ClusterName peer) implements Finding {}

    /// The peer has nothing under this key.
    record Missing(ClusterName peer) implements Finding {}

    /// We delete what the peer still has.
    record StillHeld(ClusterName peer) implements Finding {}

    /// We could not find out what the peer has.
    record Unknown(ClusterName peer, String cause) implements Finding {}

    /// The name by which messages, metrics and logs call it.
    default String name() {
        return getClass().getSimpleName();
    }
}
