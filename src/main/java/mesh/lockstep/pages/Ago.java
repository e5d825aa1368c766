package mesh.lockstep.pages;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A moment in the past, as people say it.
final class Ago {

    private Ago() {}

    /// `3 min ago`; a dash for no moment.
    static String of(Optional<Instant> then, Instant now) {
        return then.map(instant -> of(Duration.between(instant, now)) + " ago").orElse("–");
    }

    private static String of(Duration age) {
        if (age.compareTo(Duration.ofMinutes(2)) < 0) {
            return Math.max(0, age.toSeconds()) + " s";
        }
        if (age.compareTo(Duration.ofHours(2)) < 0) {
            return age.toMinutes() + " min";
        }
        return age.compareTo(Duration.ofDays(2)) < 0
                ? age.toHours() + " h"
                : age.toDays() + " days";
    }
}
