package mesh.lockstep.history;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/// What is remembered of rollouts.
@ConfigMapping(prefix = "lockstep.history")
public interface HistoryConfig {

    /// For how long what was deleted, in this cluster or in a peer, counts as what a creation under
    /// its name comes from.
    @WithDefault("10m")
    @DurationMin(seconds = 0)
    Duration deletedFor();
}
