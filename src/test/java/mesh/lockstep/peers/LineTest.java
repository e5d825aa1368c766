package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.LiveAnswer.Deferred;
import mesh.lockstep.rollout.LiveAnswer.Silent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LineTest {

    private static final ClusterName EAST = new ClusterName("east");
    private static final int PLACES = Line.UNDER_WAY / 2;
    private static final int MANY = 150;

    private final Queue<PolicyKey> asked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();

    /// The peer answers as often as there are permits.
    private final Semaphore permits = new Semaphore(0);

    private final Line line = new Line(EAST, this::answered);
    private final List<Asker> askers = new ArrayList<>();

    /// What an answer says was so when the question came to the peer.
    private LiveAnswer answered(PolicyKey key) {
        asked.add(key);
        int number = answers.incrementAndGet();
        permits.acquireUninterruptibly();
        return new Silent(EAST, "answer " + number);
    }

    @AfterEach
    void answerAll() {
        permits.release(10_000);
    }

    @Test
    void asksOnceForAllWhoWantToKnowTheSame() throws InterruptedException {
        var first = asks(key("shop", "own"));
        awaitAsked(1);
        ask(MANY, key("shop", "own"));
        permits.release(10_000);

        assertThat(first.said()).isEqualTo(new Silent(EAST, "answer 1"));
        for (var asker : askers) {
            assertThat(asker.said()).isInstanceOf(Silent.class);
        }
        assertThat(asked).hasSize(2);
    }

    @Test
    void neverSharesAQuestionThatBeganBefore() throws InterruptedException {
        var first = asks(key("shop", "own"));
        awaitAsked(1);
        var second = asks(key("shop", "own"));
        await().until(second::isWaiting);
        permits.release();
        awaitAsked(2);
        var third = asks(key("shop", "own"));
        await().until(third::isWaiting);
        permits.release(2);

        assertThat(first.said()).isEqualTo(new Silent(EAST, "answer 1"));
        assertThat(second.said()).isEqualTo(new Silent(EAST, "answer 2"));
        assertThat(third.said()).isEqualTo(new Silent(EAST, "answer 3"));
    }

    @Test
    void asksAStrangerAtOnceWhateverOneNamespaceWants() {
        for (int i = 0; i < MANY; i++) {
            asks(key("loud", "policy-" + i));
        }
        awaitAsked(PLACES);

        asks(key("quiet", "policy"));

        awaitAsked(PLACES + 1);
        assertThat(asked).contains(key("quiet", "policy"));
    }

    @Test
    void theNamespacesTakeTurns() {
        for (int i = 0; i < Line.UNDER_WAY; i++) {
            asks(key("full-" + i, "policy"));
        }
        awaitAsked(Line.UNDER_WAY);
        ask(20, i -> key("loud", "policy-" + i));
        asks(key("quiet", "one"));
        asks(key("quiet", "two"));
        await().until(() -> askers.stream().allMatch(Asker::isWaiting));

        // Not enough for all questions of the loud one, which came first.
        permits.release(10);

        await().until(() -> asked.containsAll(List.of(key("quiet", "one"), key("quiet", "two"))));
    }

    @Test
    void theTimeThatATurnTakesIsNotThePeers() throws InterruptedException {
        ask(PLACES, i -> key("loud", "policy-" + i));
        awaitAsked(PLACES);

        assertThat(line.ask(key("loud", "next"), Deadline.in(Duration.ofMillis(1))))
                .isEqualTo(new Deferred(EAST, "its turn did not come in time"));
        assertThat(line.ask(key("other", "one"), Deadline.in(Duration.ofMillis(1))))
                .isEqualTo(new Deferred(EAST, "no time left to wait for its answer"));
    }

    @Test
    void defersAtOnceWhatIsTooMuch() throws InterruptedException {
        ask(2 * Line.ASKERS, key("loud", "policy"));
        await().until(() -> askers.stream().filter(Asker::isOver).count() > Line.ASKERS);

        assertThat(askers.stream().filter(Asker::isWaiting)).hasSize(Line.ASKERS / 2);
        for (var asker : askers) {
            if (asker.isOver()) {
                assertThat(asker.said()).isEqualTo(new Deferred(EAST, "too many requests at once"));
            }
        }
        var stranger = asks(key("quiet", "policy"));
        awaitAsked(2);
        permits.release(10_000);
        assertThat(stranger.said()).isInstanceOf(Silent.class);
    }

    @Test
    void asksNothingThatNobodyWantsToKnowAnyMore() throws InterruptedException {
        ask(PLACES, i -> key("loud", "policy-" + i));
        awaitAsked(PLACES);
        var gone = asks(key("loud", "gone"));
        var stays = asks(key("loud", "stays"));
        await().until(() -> gone.isWaiting() && stays.isWaiting());

        gone.thread.interrupt();
        gone.thread.join();
        permits.release(10_000);

        stays.said();
        assertThat(asked).contains(key("loud", "stays")).doesNotContain(key("loud", "gone"));
    }

    @Test
    void isThereForTheNextWhenAnAnswerCannotBeRead() throws InterruptedException {
        var broken =
                new Line(
                        EAST,
                        _ -> {
                            throw new Broken();
                        });
        // None of these threads may still be breaking during the next test.
        var ended = new CountDownLatch(PLACES + 1);
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, _) -> ended.countDown());
        try {
            for (int i = 0; i <= PLACES; i++) {
                assertThat(broken.ask(key("shop", "own"), Deadline.in(Duration.ofMinutes(1))))
                        .isEqualTo(new Deferred(EAST, "its answer could not be read"));
            }
            assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    private static final class Broken extends Error {

        private static final long serialVersionUID = 1;

        Broken() {
            super("on purpose", null, false, false);
        }
    }

    private void awaitAsked(int number) {
        await().until(() -> asked.size() >= number);
    }

    private interface Keys {
        PolicyKey number(int i);
    }

    private void ask(int times, PolicyKey key) {
        ask(times, _ -> key);
    }

    private void ask(int times, Keys keys) {
        for (int i = 0; i < times; i++) {
            asks(keys.number(i));
        }
        await().until(() -> askers.stream().noneMatch(Asker::isOnItsWay));
    }

    private Asker asks(PolicyKey key) {
        var asker = new Asker(key);
        askers.add(asker);
        return asker;
    }

    private final class Asker {

        private volatile LiveAnswer said = new Deferred(EAST, "nothing yet");
        private final Thread thread;

        Asker(PolicyKey key) {
            thread =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            said =
                                                    line.ask(
                                                            key,
                                                            Deadline.in(Duration.ofMinutes(5)));
                                        } catch (InterruptedException e) {
                                            // Goes.
                                        }
                                    });
        }

        boolean isWaiting() {
            return thread.getState() == Thread.State.TIMED_WAITING;
        }

        boolean isOver() {
            return thread.getState() == Thread.State.TERMINATED;
        }

        boolean isOnItsWay() {
            return !isWaiting() && !isOver();
        }

        LiveAnswer said() throws InterruptedException {
            thread.join();
            return said;
        }
    }

    private static PolicyKey key(String namespace, String name) {
        return new PolicyKey(Kind.CILIUM_NETWORK_POLICY, namespace, name);
    }
}
