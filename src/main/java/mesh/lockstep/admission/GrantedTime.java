package mesh.lockstep.admission;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The time that the API server grants for an answer: `?timeout=3s` in its request, a Go duration.
final class GrantedTime {

    /// What our webhook configuration says, for requests that do not say.
    private static final Duration DEFAULT = Duration.ofSeconds(3);

    /// `timeoutSeconds` is 30 at most.
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Pattern SECONDS = Pattern.compile("(\\d{1,2})(?:\\.(\\d{1,3})\\d*)?s");
    private static final Pattern MILLISECONDS = Pattern.compile("(\\d{1,5})ms");

    private GrantedTime() {}

    static Duration of(@Nullable String timeout) {
        if (timeout == null) {
            return DEFAULT;
        }
        var seconds = SECONDS.matcher(timeout);
        if (seconds.matches()) {
            var fraction = seconds.group(2) == null ? "" : seconds.group(2);
            var millis = Long.parseLong((fraction + "000").substring(0, 3));
            return bounded(Duration.ofSeconds(Long.parseLong(seconds.group(1))).plusMillis(millis));
        }
        var milliseconds = MILLISECONDS.matcher(timeout);
        return milliseconds.matches()
                ? bounded(Duration.ofMillis(Long.parseLong(milliseconds.group(1))))
                : DEFAULT;
    }

    private static Duration bounded(Duration duration) {
        return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }
}
