package mesh.lockstep.peers;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/// This cluster's name in the mesh.
@ConfigMapping(prefix = "lockstep.cluster")
public interface ClusterConfig {

    /// This cluster's name; by default read from Cilium's own configuration.
    Optional<
                    @Pattern(
                            regexp = "[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?",
                            message = "must be a cluster's name: at most 32 of a-z, 0-9 and -")
                    String>
            name();
}
