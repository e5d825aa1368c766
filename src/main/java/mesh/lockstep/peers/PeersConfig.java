package mesh.lockstep.peers;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/// Where the peers are found and how long they are waited for.
@ConfigMapping(prefix = "lockstep.peers")
public interface PeersConfig {

    /// The folder of kubeconfigs, one file for each peer, named like its cluster.
    @WithDefault("/etc/lockstep/peers")
    Path directory();

    /// How long one live read may take, connecting included.
    @WithDefault("1s")
    @DurationMin(millis = 1)
    @DurationMax(seconds = 30)
    Duration askTimeout();

    /// For how long what a peer said last is believed. Its watches are renewed, and so proven,
    /// twice in this time; API servers count a watch in whole seconds.
    @WithDefault("60s")
    @DurationMin(seconds = 2)
    @DurationMax(hours = 1)
    Duration staleAfter();

    /// How long readiness waits for the first synchronization of all peers; zero: not at all. For
    /// those that cannot be read it waits five seconds at most.
    @WithDefault("30s")
    @DurationMin(nanos = 0)
    Duration readyWait();
}
