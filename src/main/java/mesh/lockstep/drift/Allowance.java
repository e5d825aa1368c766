package mesh.lockstep.drift;

import java.time.Duration;
import java.time.Instant;

/// How many events may be written: some at once, then one a second. An outage that leaves thousands
/// of policies different must not fill the API server with events; those that wait may be mended by
/// then.
final class Allowance {

    private static final int MOST = 25;

    private int left = MOST;
    private Instant counted = Instant.EPOCH;

    /// Whether one more may be written now; then it counts.
    boolean take(Instant now) {
        var earned = Duration.between(counted, now).toSeconds();
        if (earned > 0) {
            left = (int) Math.min(MOST, left + earned);
            counted = now;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
