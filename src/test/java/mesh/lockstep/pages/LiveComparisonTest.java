package mesh.lockstep.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import mesh.lockstep.pages.SideBySide.Place;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.support.FakePeers;
import mesh.lockstep.support.ManyDifferences;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LiveComparisonTest {

    private static final ClusterName EAST = new ClusterName("east");
    private static final int MANY = 6_000;

    private final FakePeers peers =
            new FakePeers()
                    .showing("cluster1", Policies.withPort(80))
                    .showing("east", Policies.withPort(81));
    private final LiveComparison comparisons = new LiveComparison(peers, new Discretion(true));

    @Test
    void aThirdComparisonIsToldToTryAgain() throws Exception {
        var started = new CountDownLatch(2);
        var enough = new CountDownLatch(1);
        peers.whenAsked(
                _ -> {
                    started.countDown();
                    await(enough);
                });
        try (var others = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> compared = () -> with(EAST).isPresent();
            var first = others.submit(compared);
            var second = others.submit(compared);
            await(started);

            assertThat(with(EAST)).isEmpty();

            enough.countDown();
            assertThat(List.of(first.get(), second.get())).containsOnly(true);
        }
        assertThat(with(EAST)).isPresent();
    }

    @Test
    void isOverWhenTheBrowserHasGone() {
        peers.showing("cluster1", ManyDifferences.ENTRIES.here(MANY))
                .showing("east", ManyDifferences.ENTRIES.there(MANY));

        var comparison = comparisons.with(EAST, Policies.KEY, () -> true).orElseThrow();

        assertThat(comparison.rest()).startsWith("They differ");
    }

    @Tag("slow")
    @Test
    void aPageHasAnEnd() {
        var kind = ManyDifferences.EXCEPTIONS;

        var many = SideBySide.of(kind.here(MANY), kind.there(MANY), true, later());

        assertThat(many.places()).hasSize(500);
        assertThat(many.rest()).isEqualTo("And 5500 more places.");
    }

    @Tag("slow")
    @Test
    void longValuesAreShortenedAndLongPagesEnd() {
        var here = new StringBuilder("endpointSelector: {}\nunknown:\n");
        var there = new StringBuilder(here);
        for (int i = 0; i < 100; i++) {
            here.append("- ").append("h".repeat(9_000)).append(i).append('\n');
            there.append("- ").append("t".repeat(9_000)).append(i).append('\n');
        }

        var comparison =
                SideBySide.of(
                        Policies.withSpec(here.toString()),
                        Policies.withSpec(there.toString()),
                        true,
                        later());

        var length =
                comparison.places().stream()
                        .mapToInt(it -> it.here().length() + it.there().length())
                        .sum();
        assertThat(length).isBetween(400_000, 500_000);
        assertThat(comparison.rest()).matches("And \\d+ more places\\.");
    }

    @Test
    void whomAPolicyIsMeantForStandsBesideItsRules() {
        var here = (ObjectNode) Reviews.policy(80);
        here.withObject("/metadata/annotations").put(Intent.MEMBERS, "local");

        var comparison =
                SideBySide.of(
                        Policies.read(Policies.KEY, here), Policies.withPort(443), true, later());

        assertThat(comparison.places())
                .extracting(Place::path)
                .containsExactly("ingress[0].toPorts[0].ports[0].port");
        assertThat(comparison.beside())
                .containsExactly(
                        new Place(
                                "metadata.annotations[\"lockstep.mesh/members\"]", "local", "all"));
    }

    private Optional<SideBySide> with(ClusterName peer) {
        return comparisons.with(peer, Policies.KEY, () -> false);
    }

    private static Deadline later() {
        return Deadline.in(Duration.ofMinutes(5));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
