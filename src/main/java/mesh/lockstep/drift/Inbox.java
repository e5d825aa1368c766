package mesh.lockstep.drift;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import mesh.lockstep.policy.PolicyKey;

/// Keys that wait to be judged, each once. Any number of threads put, one takes.
final class Inbox {

    private Set<PolicyKey> waiting = new HashSet<>();

    synchronized void put(PolicyKey key) {
        waiting.add(key);
        notifyAll();
    }

    /// Waits for the first key; empty if none comes in time.
    synchronized Set<PolicyKey> take(Duration atMost) throws InterruptedException {
        if (waiting.isEmpty()) {
            TimeUnit.NANOSECONDS.timedWait(this, atMost.toNanos());
        }
        var taken = waiting;
        waiting = new HashSet<>();
        return taken;
    }
}
