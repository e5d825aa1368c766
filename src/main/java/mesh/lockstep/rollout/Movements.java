package mesh.lockstep.rollout;

import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Version;

/// Is told what members do to their policies, as it is seen. It is called by the threads that
/// watch, and must not wait.
public interface Movements {

    /// Where nobody wants to know.
    Movements NONE =
            new Movements() {
                @Override
                public void there(
                        ClusterName peer,
                        PolicyKey key,
                        Optional<Version> from,
                        Optional<Version> to,
                        boolean isWatched) {}

                @Override
                public void here(PolicyKey key, Optional<Trace> now, boolean isWatched) {}
            };

    /// A peer holds something else than before.
    ///
    /// @param from what it held; empty for nothing, or if that is not known
    /// @param to what it holds now; empty for nothing
    /// @param isWatched whether there was nothing in between; otherwise that is not known
    void there(
            ClusterName peer,
            PolicyKey key,
            Optional<Version> from,
            Optional<Version> to,
            boolean isWatched);

    /// This cluster holds something else than before.
    ///
    /// @param now what it holds; empty for nothing
    /// @param isWatched whether there was nothing in between; otherwise that is not known
    void here(PolicyKey key, Optional<Trace> now, boolean isWatched);
}
