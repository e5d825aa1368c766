package mesh.lockstep.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// When something ends, as people say it.
final class End {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    private End() {}

    /// `2027-02-28 (in 89 days)`; the time as well, if that is less than two days away.
    static String text(Instant end, Instant now) {
        var left = Duration.between(now, end);
        if (left.isNegative()) {
            return MINUTE.format(end) + " (" + rough(left.abs()) + " ago)";
        }
        var near = left.compareTo(Duration.ofDays(2)) < 0;
        return (near ? MINUTE : DAY).format(end) + " (in " + rough(left) + ")";
    }

    private static String rough(Duration time) {
        if (time.compareTo(Duration.ofHours(2)) < 0) {
            return time.toMinutes() + " min";
        }
        return time.compareTo(Duration.ofDays(2)) < 0
                ? time.toHours() + " h"
                : time.toDays() + " days";
    }
}
