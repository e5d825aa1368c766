package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.ClusterApi.Answer;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Two different writes in two clusters in the same instant. No webhook can keep both from passing;
/// what follows must be visible, and repairable by an ordinary apply.
class RaceIT {

    private static final int ROUNDS = 200;
    private static final String NAME = "allow-api";
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final ClusterApi ONE = new ClusterApi(Mesh.shared(), "cluster1");
    private static final ClusterApi TWO = new ClusterApi(Mesh.shared(), "cluster2");
    private static final ClusterApi THREE = new ClusterApi(Mesh.shared(), "cluster3");

    @AfterAll
    static void takeItAway() {
        for (var api : List.of(ONE, TWO, THREE)) {
            api.delete(NAME);
            api.close();
        }
    }

    @Test
    void whatARaceLeavesIsVisibleOnBothSidesAndRepairedByAnOrdinaryApply() {
        int both = 0;
        agreeOn(999);
        for (int round = 0; round < ROUNDS; round++) {
            int inOne = 1000 + 2 * round;
            int inTwo = inOne + 1;
            var start = new CyclicBarrier(2);
            var racing = CompletableFuture.supplyAsync(() -> write(ONE, inOne, start));
            var two = write(TWO, inTwo, start);
            var one = racing.join();

            if (one.succeeded() && two.succeeded()) {
                both++;
                awaitWarning(ONE, inOne, "cluster2");
                awaitWarning(TWO, inTwo, "cluster1");
            } else if (one.succeeded()) {
                assertRefused(two, "cluster1");
            } else {
                assertRefused(one, "cluster2");
                assertThat(two.succeeded()).as(two.message()).isTrue();
            }
            agreeOn(one.succeeded() ? inOne : inTwo);
        }
        System.out.printf("Races: %d, of which both writes passed in %d%n", ROUNDS, both);
    }

    /// A dry run that changes nothing passes, and tells of the other side.
    private static void awaitWarning(ClusterApi api, int port, String peer) {
        await().atMost(SOON)
                .pollInterval(OFTEN)
                .untilAsserted(
                        () -> {
                            var unchanged = apply(api, port, true);
                            assertThat(unchanged.code()).as(unchanged.message()).isEqualTo(200);
                            assertThat(unchanged.warnings())
                                    .anyMatch(
                                            it ->
                                                    it.contains(peer)
                                                            && (it.endsWith("[Differs]")
                                                                    || it.endsWith("[Previous]")));
                        });
    }

    /// One apply to each, none of them refused or retried, then silence.
    private static void agreeOn(int port) {
        for (var api : List.of(ONE, TWO, THREE)) {
            var applied = apply(api, port, false);
            assertThat(applied.succeeded()).as(applied.message()).isTrue();
        }
        for (var api : List.of(ONE, TWO, THREE)) {
            await().atMost(SOON)
                    .pollInterval(OFTEN)
                    .until(() -> apply(api, port, true).warnings().isEmpty());
        }
    }

    private static void assertRefused(Answer answer, String witness) {
        assertThat(answer.code()).as(answer.message()).isEqualTo(403);
        assertThat(answer.message())
                .containsPattern(
                        "would differ from " + witness + "(, which has moved on)? \\[Differs]");
    }

    private static Answer write(ClusterApi api, int port, CyclicBarrier start) {
        try {
            start.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
        return apply(api, port, false);
    }

    private static Answer apply(ClusterApi api, int port, boolean dryRun) {
        return api.apply(NAME, Reviews.policy(port), "race", dryRun);
    }
}
