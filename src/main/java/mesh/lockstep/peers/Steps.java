package mesh.lockstep.peers;

import java.util.Optional;
import java.util.function.Predicate;
import mesh.lockstep.peers.DigestStore.Held;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.Movements;
import org.jspecify.annotations.Nullable;

/// From what a member has to what it has next.
interface Steps {

    /// Something else is held than before.
    ///
    /// @param before null for nothing
    /// @param now null for nothing
    /// @param isWatched whether there was nothing in between; otherwise that is not known
    void taken(PolicyKey key, @Nullable Held before, @Nullable Held now, boolean isWatched);

    /// Those of this cluster.
    static Steps here(Movements movements) {
        return (key, _, now, isWatched) ->
                movements.here(key, Optional.ofNullable(now).map(Held::trace), isWatched);
    }

    /// Those of a peer.
    ///
    /// @param apart the namespaces that are the peer's own affair
    static Steps there(ClusterName peer, Movements movements, Predicate<String> apart) {
        return (key, before, now, isWatched) -> {
            if (!apart.test(key.namespace())) {
                movements.there(peer, key, version(before), version(now), isWatched);
            }
        };
    }

    private static Optional<Version> version(@Nullable Held held) {
        return Optional.ofNullable(held).map(Held::version);
    }
}
