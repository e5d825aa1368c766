package mesh.lockstep.drift;

import java.time.Duration;
import java.time.Instant;

/// How much may be written: a burst, then a fixed number per second. An outage that leaves
/// thousands of policies different, or a peer that claims as many, must not fill the API server;
/// what waits may be in sync by then.
final class WriteAllowance {

    private final int most;
    private final int perSecond;
    private int left;
    private Instant counted = Instant.EPOCH;

    /// @param most at once
    WriteAllowance(int most, int perSecond) {
        this.most = most;
        this.perSecond = perSecond;
        left = most;
    }

    /// Whether one more may be written now.
    boolean hasRoom(Instant now) {
        if (now.isBefore(counted)) {
            // Somebody has set the clock back.
            counted = now;
        }
        var earned = Duration.between(counted, now).toSeconds();
        if (earned > 0) {
            left = (int) Math.min(most, left + earned * perSecond);
            counted = now;
        }
        return left > 0;
    }

    /// Whether one more may be written now; then it counts.
    boolean take(Instant now) {
        if (!hasRoom(now)) {
            return false;
        }
        left--;
        return true;
    }
}
