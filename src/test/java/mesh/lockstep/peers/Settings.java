package mesh.lockstep.peers;

import java.nio.file.Path;
import java.time.Duration;

/// A configuration for tests, with little patience.
record Settings(Path directory, Duration askTimeout, Duration staleAfter, Duration readyWait)
        implements PeersConfig {

    static Settings quick() {
        return new Settings(
                Path.of("unused"),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30));
    }
}
