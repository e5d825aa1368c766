package mesh.lockstep.peers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A configuration for tests, with little patience.
record Settings(Path directory, Duration askTimeout, Duration staleAfter, Duration readyWait)
        implements PeersConfig {

    /// Settings of peers that are retried soon.
    static Surroundings surroundings() {
        return Surroundings.of(pace(), Optional::empty);
    }

    static Pace pace() {
        return new Pace(
                quick().staleAfter(),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ZERO,
                Duration.ofHours(1));
    }

    /// Settings of peers that nobody updates while a test lasts: what it asks is all that they are
    /// asked.
    static Surroundings leftAlone() {
        var pace = pace();
        return Surroundings.of(
                new Pace(
                        Duration.ofDays(100),
                        pace.firstPause(),
                        pace.longestPause(),
                        pace.grace(),
                        pace.apart(),
                        pace.anew()),
                Optional::empty);
    }

    static Settings quick() {
        return new Settings(
                Path.of("unused"),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30));
    }
}
