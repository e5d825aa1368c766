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
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.LiveAnswer.Deferred;
import mesh.lockstep.rollout.LiveAnswer.NotFound;
import org.junit.jupiter.api.Test;

class LiveReadsTest {

    private static final ClusterName EAST = new ClusterName("east");
    private static final ClusterName WEST = new ClusterName("west");
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final String LATE = "no time left to wait for its answer";

    @Test
    void givesTheAnswerThatComesFirst() {
        try (var reads =
                new LiveReads(List.of(EAST, WEST), this::onlyWestAnswers, Deadline.in(LONG))) {
            assertThat(reads.iterator().next()).isEqualTo(new NotFound(WEST));
        }
    }

    @Test
    void defersPeersThatDidNotHaveTheirFullTime() {
        try (var reads =
                new LiveReads(List.of(EAST, WEST), this::onlyWestAnswers, Deadline.in(SHORT))) {
            var answers = new ArrayList<LiveAnswer>();
            reads.forEach(answers::add);

            assertThat(answers).containsExactly(new NotFound(WEST), new Deferred(EAST, LATE));
        }
    }

    @Test
    void asksNobodyWhereNobodyIsNamed() {
        try (var reads = new LiveReads(List.of(), this::onlyWestAnswers, Deadline.in(LONG))) {
            assertThat(reads).isEmpty();
        }
    }

    @Test
    void asksAFewAndNoMoreWhereOneAnswerIsEnough() {
        var peers = peers(254);
        var asked = new AtomicInteger();
        try (var reads =
                new LiveReads(
                        peers,
                        peer -> {
                            asked.incrementAndGet();
                            return new NotFound(peer);
                        },
                        Deadline.in(LONG))) {
            reads.iterator().next();
        }

        assertThat(asked.get()).isBetween(1, 8);
    }

    @Test
    void nobodyKeepsWaitingForPeersThatAreNoLongerNeeded() throws InterruptedException {
        var waiting = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        var reads =
                new LiveReads(
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

        reads.close();

        gone.await();
    }

    @Test
    void givesEachPeerOnce() {
        var peers = peers(254);
        var gate = new CountDownLatch(1);
        try (var reads =
                new LiveReads(
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
            for (var answer : reads) {
                heard.add(answer.peer());
                gate.countDown();
            }

            assertThat(heard).containsExactlyInAnyOrderElementsOf(peers);
        }
    }

    @Test
    void asksEverybodyWhereNoAnswerIsEnough() {
        var peers = peers(254);
        try (var reads = new LiveReads(peers, NotFound::new, Deadline.in(LONG))) {
            assertThat(reads).extracting(it -> it.peer()).hasSameElementsAs(peers);
        }
    }

    @Test
    void doesNotWaitLongForThePeersAskedFirst() {
        var peers = peers(254);
        var last = new AtomicInteger();
        try (var reads =
                new LiveReads(
                        peers,
                        peer -> {
                            if (last.incrementAndGet() <= 100) {
                                sleepForever();
                            }
                            return new NotFound(peer);
                        },
                        Deadline.in(LONG))) {
            assertThat(reads.iterator().next()).isInstanceOf(NotFound.class);
        }
    }

    @Test
    void defersPeersThatWereNotAskedInTime() {
        var peers = peers(254);
        try (var reads = new LiveReads(peers, LiveReadsTest::silentFor, Deadline.in(SHORT))) {
            var answers = new ArrayList<LiveAnswer>();
            reads.forEach(answers::add);

            assertThat(answers)
                    .hasSize(254)
                    .allMatch(it -> it instanceof Deferred(_, var cause) && cause.equals(LATE));
        }
    }

    @Test
    void waitsOnlyAMomentForTheOthersWhenOneAnswerIsEnough() {
        try (var reads =
                new LiveReads(List.of(EAST, WEST), this::onlyWestAnswers, Deadline.in(LONG))) {
            var answers = reads.iterator();
            assertThat(answers.next()).isEqualTo(new NotFound(WEST));

            reads.conclude();

            assertThat(answers.next()).isEqualTo(new Deferred(EAST, LATE));
            assertThat(answers.hasNext()).isFalse();
        }
    }

    @Test
    void asksNobodyElseWhenOneAnswerIsEnough() {
        var peers = peers(254);
        var asked = new AtomicInteger();
        try (var reads =
                new LiveReads(
                        peers,
                        peer -> {
                            asked.incrementAndGet();
                            return new NotFound(peer);
                        },
                        Deadline.in(LONG))) {
            reads.conclude();
            var heard = new ArrayList<LiveAnswer>();
            reads.forEach(heard::add);

            assertThat(heard).hasSize(254);
            assertThat(heard.stream().filter(NotFound.class::isInstance)).hasSize(8);
        }

        assertThat(asked.get()).isEqualTo(8);
    }

    private static LiveAnswer silentFor(ClusterName peer) {
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

    private LiveAnswer onlyWestAnswers(ClusterName peer) {
        if (peer.equals(EAST)) {
            sleepForever();
        }
        return new NotFound(peer);
    }
}
