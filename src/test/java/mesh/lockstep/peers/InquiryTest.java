package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.rollout.Testimony;
import mesh.lockstep.rollout.Testimony.Deferred;
import mesh.lockstep.rollout.Testimony.NotFound;
import org.junit.jupiter.api.Test;

class InquiryTest {

    private static final ClusterName EAST = new ClusterName("east");
    private static final ClusterName WEST = new ClusterName("west");
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final String LATE = "no time left to wait for its answer";

    @Test
    void givesTheAnswerThatComesFirst() {
        try (var inquiry =
                new Inquiry(List.of(EAST, WEST), this::onlyWestAnswers, Deadline.in(LONG))) {
            assertThat(inquiry.iterator().next()).isEqualTo(new NotFound(WEST));
        }
    }

    @Test
    void defersPeersThatDidNotHaveTheirFullTime() {
        try (var inquiry =
                new Inquiry(List.of(EAST, WEST), this::onlyWestAnswers, Deadline.in(SHORT))) {
            var testimonies = new ArrayList<Testimony>();
            inquiry.forEach(testimonies::add);

            assertThat(testimonies).containsExactly(new NotFound(WEST), new Deferred(EAST, LATE));
        }
    }

    @Test
    void asksNobodyWhereNobodyIsNamed() {
        try (var inquiry = new Inquiry(List.of(), this::onlyWestAnswers, Deadline.in(LONG))) {
            assertThat(inquiry).isEmpty();
        }
    }

    @Test
    void asksAFewAndNoMoreWhereOneAnswerIsEnough() {
        var peers = peers(254);
        var asked = new AtomicInteger();
        try (var inquiry =
                new Inquiry(
                        peers,
                        peer -> {
                            asked.incrementAndGet();
                            return new NotFound(peer);
                        },
                        Deadline.in(LONG))) {
            inquiry.iterator().next();
        }

        assertThat(asked.get()).isBetween(1, 8);
    }

    @Test
    void nobodyKeepsWaitingForPeersThatAreNoLongerNeeded() throws InterruptedException {
        var waiting = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        var inquiry =
                new Inquiry(
                        List.of(EAST),
                        peer -> {
                            try {
                                waiting.countDown();
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                gone.countDown();
                            }
                            return new NotFound(peer);
                        },
                        Deadline.in(LONG));
        waiting.await();

        inquiry.close();

        gone.await();
    }

    @Test
    void givesEachPeerOnce() {
        var peers = peers(254);
        var gate = new CountDownLatch(1);
        try (var inquiry =
                new Inquiry(
                        peers,
                        peer -> {
                            try {
                                gate.await();
                            } catch (InterruptedException e) {
                                // Says so all the same.
                            }
                            return new NotFound(peer);
                        },
                        Deadline.in(Duration.ZERO))) {
            var heard = new ArrayList<ClusterName>();
            for (var testimony : inquiry) {
                heard.add(testimony.peer());
                gate.countDown();
            }

            assertThat(heard).containsExactlyInAnyOrderElementsOf(peers);
        }
    }

    @Test
    void asksEverybodyWhereNoAnswerIsEnough() {
        var peers = peers(254);
        try (var inquiry = new Inquiry(peers, NotFound::new, Deadline.in(LONG))) {
            assertThat(inquiry).extracting(it -> it.peer()).hasSameElementsAs(peers);
        }
    }

    @Test
    void doesNotWaitLongForThePeersAskedFirst() {
        var peers = peers(254);
        var last = new AtomicInteger();
        try (var inquiry =
                new Inquiry(
                        peers,
                        peer -> {
                            if (last.incrementAndGet() <= 100) {
                                sleepForever();
                            }
                            return new NotFound(peer);
                        },
                        Deadline.in(LONG))) {
            assertThat(inquiry.iterator().next()).isInstanceOf(NotFound.class);
        }
    }

    @Test
    void defersPeersThatWereNotAskedInTime() {
        var peers = peers(254);
        try (var inquiry = new Inquiry(peers, InquiryTest::silentFor, Deadline.in(SHORT))) {
            var testimonies = new ArrayList<Testimony>();
            inquiry.forEach(testimonies::add);

            assertThat(testimonies)
                    .hasSize(254)
                    .allMatch(it -> it instanceof Deferred(_, var cause) && cause.equals(LATE));
        }
    }

    @Test
    void waitsOnlyAMomentForTheOthersWhenOneAnswerIsEnough() {
        try (var inquiry =
                new Inquiry(List.of(EAST, WEST), this::onlyWestAnswers, Deadline.in(LONG))) {
            var testimonies = inquiry.iterator();
            assertThat(testimonies.next()).isEqualTo(new NotFound(WEST));

            inquiry.conclude();

            assertThat(testimonies.next()).isEqualTo(new Deferred(EAST, LATE));
            assertThat(testimonies.hasNext()).isFalse();
        }
    }

    @Test
    void asksNobodyElseWhenOneAnswerIsEnough() {
        var peers = peers(254);
        var asked = new AtomicInteger();
        try (var inquiry =
                new Inquiry(
                        peers,
                        peer -> {
                            asked.incrementAndGet();
                            return new NotFound(peer);
                        },
                        Deadline.in(LONG))) {
            inquiry.conclude();
            var heard = new ArrayList<Testimony>();
            inquiry.forEach(heard::add);

            assertThat(heard).hasSize(254);
            assertThat(heard.stream().filter(NotFound.class::isInstance)).hasSize(8);
        }

        assertThat(asked.get()).isEqualTo(8);
    }

    private static Testimony silentFor(ClusterName peer) {
        sleepForever();
        return new NotFound(peer);
    }

    private static List<ClusterName> peers(int number) {
        return IntStream.range(0, number).mapToObj(i -> new ClusterName("peer" + i)).toList();
    }

    private static void sleepForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // Nobody waits any more.
        }
    }

    private Testimony onlyWestAnswers(ClusterName peer) {
        if (peer.equals(EAST)) {
            sleepForever();
        }
        return new NotFound(peer);
    }
}
