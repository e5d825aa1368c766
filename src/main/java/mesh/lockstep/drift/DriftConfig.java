package mesh.lockstep.drift;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/// When a difference is called drift.
@ConfigMapping(prefix = "lockstep.drift")
public interface DriftConfig {

    /// For how long a difference between two versions may be a rollout; then it is drift.
    @WithDefault("30m")
    @DurationMin(seconds = 0)
    Duration rolloutWindow();

    /// Policies are judged when something happens to them; and so often, all of them.
    @WithDefault("5m")
    @DurationMin(seconds = 1)
    Duration fullPassEvery();
}
