package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.http.HttpRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import mesh.lockstep.apiserver.CannedClient;
import mesh.lockstep.apiserver.CannedClient.Canned;
import mesh.lockstep.apiserver.FairTime;
import mesh.lockstep.apiserver.Intake;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.ReadingRoom;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.LiveAnswer.Deferred;
import mesh.lockstep.rollout.LiveAnswer.NotFound;
import mesh.lockstep.rollout.LiveAnswer.Silent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PeerReadsTest {

    private static final ClusterName EAST = new ClusterName("east");
    private static final URI ADDRESS = URI.create("https://east/");
    private static final PolicyKey OWN = key("shop", "own");
    private static final PolicyKey OTHER = key("other", "policy");
    private static final String LATE = "timed out waiting for an answer";
    private static final LiveAnswer NOT_ASKED =
            new Silent(EAST, "not asked: it did not answer the last requests");

    private static final LiveAnswer RENEWED =
            new Deferred(EAST, "its connection was renewed just now");

    private final Queue<String> requests = new ConcurrentLinkedQueue<>();

    /// A part of the paths that are not answered.
    private volatile String muted = "nothing";

    /// With which all is answered, unless it is 0.
    private volatile int rejecting;

    private volatile CountDownLatch unmuted = new CountDownLatch(0);

    /// Taken by the thread that reads something large from this peer.
    private final Semaphore large = new Semaphore(1);

    private final PeerApi api =
            new PeerApi(
                    new CannedClient(this::answer),
                    ADDRESS,
                    new Intake(ReadingRoom.ofHeap(8), ReadingRoom.ofHeap(8), large));
    private final PeerReads reads =
            new PeerReads(
                    EAST,
                    api,
                    new Identity(api, Optional::empty),
                    new FairTime(Duration.ofMillis(100)),
                    (_, _) -> new NotFound(EAST));

    private Canned answer(HttpRequest request) {
        requests.add(request.uri().getPath());
        try {
            if (request.uri().getPath().contains(muted)) {
                unmuted.await();
            }
        } catch (InterruptedException e) {
            // Nobody waits for it any more.
            Thread.currentThread().interrupt();
        }
        if (rejecting != 0) {
            return new Canned(rejecting, Map.of(), List.of(new byte[0]), false);
        }
        var body = "{\"metadata\":{\"uid\":\"1\"}}";
        if (request.uri().getPath().contains("large")) {
            body = " ".repeat(2 * ReadingRoom.ORDINARY) + body;
        }
        return Canned.ok(body.getBytes(StandardCharsets.UTF_8));
    }

    private void mute(String part) {
        unmuted = new CountDownLatch(1);
        muted = part;
    }

    @AfterEach
    void unmute() {
        muted = "nothing";
        unmuted.countDown();
    }

    @Test
    void oneHundredAndFiftyOfTheSameCostTwoQuestions() throws InterruptedException {
        var patient =
                new PeerReads(
                        EAST,
                        api,
                        new Identity(api, Optional::empty),
                        new FairTime(Duration.ofMinutes(1)),
                        (_, _) -> new NotFound(EAST));
        var said = new ConcurrentLinkedQueue<LiveAnswer>();
        Runnable asks =
                () -> {
                    try {
                        said.add(patient.ask(OWN, Deadline.in(Duration.ofMinutes(5))));
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                };
        mute("own");
        var first = Thread.ofVirtual().start(asks);
        await().until(() -> count("own") == 1);
        var others = new ArrayList<Thread>();
        for (int i = 0; i < 150; i++) {
            others.add(Thread.ofVirtual().start(asks));
        }
        await().until(
                        () ->
                                others.stream()
                                        .allMatch(
                                                it -> it.getState() == Thread.State.TIMED_WAITING));
        unmute();

        first.join();
        for (var other : others) {
            other.join();
        }
        assertThat(said).hasSize(151).containsOnly(new NotFound(EAST));
        assertThat(count("own")).isEqualTo(2);
    }

    @Test
    void isNotSilentWhileItSaysWhoItIs() throws InterruptedException {
        mute("own");

        assertThat(ask(OWN)).isEqualTo(new Deferred(EAST, LATE));
        assertThat(ask(OWN)).isEqualTo(new Deferred(EAST, LATE));
    }

    @Test
    void isSilentAboutANamespaceAfterThreeQuestionsInARow() throws InterruptedException {
        mute("own");
        ask(OWN);
        ask(OWN);

        assertThat(ask(OWN)).isEqualTo(new Silent(EAST, LATE));
        assertThat(ask(OWN)).isEqualTo(NOT_ASKED);
        assertThat(count("own")).isEqualTo(3);
        assertThat(ask(OTHER)).isEqualTo(new NotFound(EAST));
    }

    @Test
    void isNotSilentWhileItAnswersOthers() throws Exception {
        mute("own");
        try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 1; i <= 5; i++) {
                int number = i;
                var own = askers.submit(() -> ask(OWN));
                await().until(() -> count("own") == number);
                assertThat(ask(OTHER)).isEqualTo(new NotFound(EAST));
                assertThat(own.get()).isEqualTo(new Deferred(EAST, LATE));
            }
        }
    }

    @Test
    void isSilentAtOnceIfItDoesNotSayWhoItIsEither() throws InterruptedException {
        mute("/");

        assertThat(ask(OWN)).isEqualTo(new Silent(EAST, LATE));
        assertThat(ask(OTHER)).isEqualTo(NOT_ASKED);
        assertThat(requests).hasSize(2);
    }

    /// The crowd may be what keeps the answer away: it has to stay away three times.
    @Test
    void isNotSilentAtOnceInACrowd() throws Exception {
        mute("/");
        try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
            var crowd = new ArrayList<Future<LiveAnswer>>();
            for (int i = 0; i < 10; i++) {
                var key = key("shop", "policy-" + i);
                crowd.add(askers.submit(() -> ask(key)));
            }
            for (var one : crowd) {
                assertThat(one.get()).isEqualTo(new Silent(EAST, LATE));
            }
        }
        assertThat(count("kube-system")).isEqualTo(3);
    }

    @Test
    void crowdingAndShortTimeAreNotItsSilence() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            // The answer may be here before this thread has looked at its time.
            assertThat(reads.ask(key("shop", "policy-" + i), Deadline.in(Duration.ZERO)))
                    .isNotInstanceOf(Silent.class);
        }

        assertThat(ask(OWN)).isEqualTo(new NotFound(EAST));
    }

    /// As when its credentials are handed over.
    @Test
    void isNotSilentWhenItsConnectionIsClosed() throws Exception {
        mute("/");
        try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = askers.submit(() -> ask(OWN));
            await().until(() -> count("own") == 1);
            reads.close();

            assertThat(asked.get()).isEqualTo(RENEWED);
        }
        assertThat(ask(OTHER)).isEqualTo(RENEWED);
    }

    @Test
    void aBusyPeerIsThere() throws InterruptedException {
        rejecting = 429;

        assertThat(ask(OWN)).isEqualTo(new Deferred(EAST, "too busy (429)"));
        assertThat(ask(OTHER)).isEqualTo(new Deferred(EAST, "too busy (429)"));
        assertThat(count("kube-system")).isZero();
    }

    @Test
    void aPeerInTroubleIsUnknownOnlyIfItDoesNotSayWhoItIsEither() throws InterruptedException {
        rejecting = 503;

        assertThat(ask(OWN)).isEqualTo(new Silent(EAST, "server error (503)"));
    }

    @Tag("slow")
    @Test
    void whatThereIsNoRoomToReadIsNotItsSilence() throws InterruptedException {
        large.acquire();
        for (int i = 0; i < 4; i++) {
            assertThat(ask(key("shop", "large")))
                    .isEqualTo(new Deferred(EAST, "no room to read it in time"));
        }

        large.release();
        assertThat(ask(key("shop", "large"))).isEqualTo(new NotFound(EAST));
    }

    @Test
    void findsOutAtNobodysCostThatItIsThereAgain() throws InterruptedException {
        mute("/");
        ask(OWN);
        var probe = Thread.ofVirtual().start(this::probe);
        try {
            await().until(() -> requests.size() > 5);
            assertThat(ask(OTHER)).isEqualTo(NOT_ASKED);

            unmute();
            await().until(() -> reads.owing().isZero());
            assertThat(ask(OTHER)).isEqualTo(new NotFound(EAST));
        } finally {
            probe.interrupt();
        }
    }

    @Test
    void asksAgainWhatWasLeftUnanswered() throws InterruptedException {
        mute("own");
        for (int i = 0; i < 3; i++) {
            ask(OWN);
        }
        var probe = Thread.ofVirtual().start(this::probe);
        try {
            // It says who it is, but still not what it was asked for.
            await().until(() -> count("own") > 5);
            assertThat(ask(OWN)).isEqualTo(NOT_ASKED);

            unmute();
            await().until(() -> ask(OWN).equals(new NotFound(EAST)));
        } finally {
            probe.interrupt();
        }
    }

    private void probe() {
        try {
            var facts = new FactsReading(api, new Pool(), Settings.pace().settings());
            new Probe(reads, facts, Validity.UNKNOWN, Settings.pace()).run(() -> {});
        } catch (InterruptedException e) {
            // The end of the test.
        }
    }

    private LiveAnswer ask(PolicyKey key) throws InterruptedException {
        return reads.ask(key, Deadline.in(Duration.ofMinutes(5)));
    }

    private long count(String part) {
        return requests.stream().filter(it -> it.contains(part)).count();
    }

    private static PolicyKey key(String namespace, String name) {
        return new PolicyKey(Kind.CILIUM_NETWORK_POLICY, namespace, name);
    }
}
