package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Reviews;

/// A tenant that tries, twice a second, to put `default/allow-api` into a cluster with another port
/// than its peer's, and has to be refused each time. Nothing is stored: these are dry runs.
final class Tenant implements AutoCloseable {

    private static final Duration BETWEEN = Duration.ofMillis(500);

    private final ClusterApi api;
    private final List<Try> tries = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private boolean paused;

    /// What came of one.
    private record Try(Duration took, int code, String said) {}

    Tenant(ClusterApi api) {
        this.api = api;
        thread = Thread.ofPlatform().name("tenant").start(this::run);
    }

    private void run() {
        try {
            while (!Thread.interrupted()) {
                tryIt();
                Thread.sleep(BETWEEN);
            }
        } catch (InterruptedException e) {
            // The end.
        }
    }

    private synchronized void tryIt() {
        if (paused) {
            return;
        }
        var begun = System.nanoTime();
        var answer = api.apply("allow-api", Reviews.policy(81), "tenant", true);
        var took = Duration.ofNanos(System.nanoTime() - begun);
        tries.add(new Try(took, answer.code(), answer.message() + answer.warnings()));
    }

    /// Returns when no try is in progress.
    synchronized void pause() {
        paused = true;
    }

    synchronized void goOn() {
        paused = false;
    }

    /// The tries since this was asked last.
    void assertRefused(Duration atMost) {
        var all = List.copyOf(tries);
        tries.removeAll(all);
        var times = all.stream().map(Try::took).sorted().toList();
        if (!all.isEmpty()) {
            System.out.printf(
                    "  the tenant: %d tries, median %d ms, longest %d ms%n",
                    all.size(), times.get(all.size() / 2).toMillis(), times.getLast().toMillis());
        }
        assertThat(all).allMatch(it -> it.code() == 403 || it.code() == 429);
        assertThat(times).allMatch(it -> it.compareTo(atMost) < 0);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
