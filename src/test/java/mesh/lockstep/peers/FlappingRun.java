package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// Peers that come and go each second for a long time: nothing may grow. Started by `make
/// flapping`, which takes `MINUTES`; no part of `make test`.
class FlappingRun {

    private static final int PEERS = 20;
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int LOOKS = 8;

    /// What may grow.
    private record State(int threads, int connections, long heap) {

        static State of(StubMesh mesh) {
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            var runtime = Runtime.getRuntime();
            return new State(
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    mesh.members().stream().mapToInt(it -> it.wire().connections()).sum(),
                    (runtime.totalMemory() - runtime.freeMemory()) >> 10);
        }
    }

    @Test
    void nothingGrows() throws InterruptedException {
        var whole =
                Duration.ofSeconds(
                        (long)
                                (60
                                        * Double.parseDouble(
                                                System.getProperty("flapping.minutes", "30"))));
        var vertx = Vertx.vertx();
        try (var mesh =
                new StubMesh(
                        vertx, Pace.ordinary(Duration.ofSeconds(10)), StubMesh.members(PEERS))) {
            await().atMost(LONG).until(mesh::areUp);
            mesh.members().forEach(Fault.FLAPPING::begin);
            // What is made once, is made in the first part.
            Thread.sleep(whole.dividedBy(LOOKS));
            var first = rested(mesh);
            report("after the first part", first);
            for (int look = 2; look <= LOOKS; look++) {
                mesh.members().forEach(Fault.FLAPPING::begin);
                Thread.sleep(whole.dividedBy(LOOKS));
                var now = rested(mesh);
                report("part " + look + " of " + LOOKS, now);
                assertThat(now.threads()).isLessThanOrEqualTo(first.threads() + PEERS);
                assertThat(now.connections()).isLessThanOrEqualTo(first.connections() + PEERS);
                assertThat(now.heap()).isLessThan(first.heap() * 5 / 4);
            }
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /// When all are there again: what is compared shall not depend on the second.
    private static State rested(StubMesh mesh) {
        mesh.members().forEach(Fault.FLAPPING::end);
        await().atMost(LONG).until(mesh::areUp);
        return State.of(mesh);
    }

    @SuppressWarnings("SystemOut") // It is what is asked for.
    private static void report(String when, State state) {
        System.out.printf(
                Locale.ROOT,
                "flapping: %s: %d threads, %d connections, heap %d KiB%n",
                when,
                state.threads(),
                state.connections(),
                state.heap());
    }
}
