package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
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
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ClusterApi ONE = new ClusterApi(Mesh.shared(), "cluster1");
    private static final ClusterApi TWO = new ClusterApi(Mesh.shared(), "cluster2");
    private static final ClusterApi THREE = new ClusterApi(Mesh.shared(), "cluster3");

    @AfterAll
    static void takeItAway() {
        for (var api : new ClusterApi[] {ONE, TWO, THREE}) {
            api.delete(NAME);
            api.close();
        }
    }

    @Test
    void whatARaceLeavesIsVisibleAndRepairable() throws Exception {
        int both = 0;
        agreeOn(80);
        for (int round = 0; round < ROUNDS; round++) {
            var start = new CyclicBarrier(2);
            var left = CompletableFuture.supplyAsync(() -> write(ONE, 1000, start));
            var right = write(TWO, 2000, start);

            if (left.get().succeeded() && right.succeeded()) {
                both++;
                await().atMost(SOON)
                        .untilAsserted(
                                () ->
                                        assertThat(apply(TWO, 2000).warnings())
                                                .anyMatch(
                                                        it ->
                                                                it.contains("cluster1")
                                                                        && it.endsWith(
                                                                                "[Differs]")));
            } else {
                assertThat(left.get().succeeded() || right.succeeded()).isTrue();
            }
            // What cluster1 holds, whatever it is, is joined by the others.
            agreeOn(left.get().succeeded() ? 1000 : 2000);
            agreeOn(80);
        }
        System.out.printf("Races: %d, of which both writes passed in %d%n", ROUNDS, both);
    }

    private static void agreeOn(int port) {
        for (var api : new ClusterApi[] {ONE, TWO, THREE}) {
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(10))
                    .untilAsserted(() -> assertThat(apply(api, port).code()).isLessThan(300));
        }
        for (var api : new ClusterApi[] {ONE, TWO, THREE}) {
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(10))
                    .untilAsserted(() -> assertThat(apply(api, port).warnings()).isEmpty());
        }
    }

    private static Answer write(ClusterApi api, int port, CyclicBarrier start) {
        try {
            start.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return apply(api, port);
    }

    private static Answer apply(ClusterApi api, int port) {
        return api.apply(NAME, policy(port), "race", false);
    }

    private static JsonNode policy(int port) {
        return Reviews.policy(port);
    }
}
