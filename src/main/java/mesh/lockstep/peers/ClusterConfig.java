package mesh.lockstep.peers;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;

/// Who we are in the mesh.
@ConfigMapping(prefix = "lockstep.cluster")
public interface ClusterConfig {

    /// This cluster's name; by default read from Cilium's own configuration.
    Optional<ClusterName> name();
}
