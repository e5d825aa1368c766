package mesh.lockstep.peers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import mesh.lockstep.rollout.Movements;
import mesh.lockstep.vigil.Vigil;

/// A configuration for tests, with little patience.
record Settings(Path directory, Duration askTimeout, Duration staleAfter, Duration readyWait)
        implements PeersConfig {

    /// Settings of peers that are retried soon.
    static Surroundings surroundings() {
        return surroundings(pace(), Optional::empty);
    }

    /// Surroundings in which nobody follows.
    static Surroundings surroundings(Pace pace, Supplier<Optional<String>> ownUid) {
        return Surroundings.of(pace, ownUid, _ -> {}, _ -> {}, Movements.NONE, new Vigil());
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
        return surroundings(
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
