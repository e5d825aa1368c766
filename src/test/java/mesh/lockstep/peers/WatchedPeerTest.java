package mesh.lockstep.peers;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mesh.lockstep.apiserver.Intake;
import mesh.lockstep.apiserver.StubApiServer;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.peers.PeerDirectory.PeerFile.Content;
import mesh.lockstep.peers.PeerStatus.Standing;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Reference;
import mesh.lockstep.policy.Rejection;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.Version;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.LiveAnswer.Deferred;
import mesh.lockstep.rollout.LiveAnswer.NotFound;
import mesh.lockstep.rollout.LiveAnswer.Shown;
import mesh.lockstep.rollout.LiveAnswer.Silent;
import mesh.lockstep.rollout.Movements;
import mesh.lockstep.rollout.Objection.ByCilium;
import mesh.lockstep.rollout.Objection.ByReading;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.PeerView.Lacks;
import mesh.lockstep.rollout.PeerView.Unknown;
import mesh.lockstep.rollout.PolicyReference;
import mesh.lockstep.support.TestCertificate;
import mesh.lockstep.vigil.Vigil;
import mesh.lockstep.vigil.Vigils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WatchedPeerTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final String LOOPBACK = "127.0.0.1";
    private static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final TestCertificate CERTIFICATE = AUTHORITY.issueFor(LOOPBACK);
    private static final ClusterName EAST = new ClusterName("east");

    private static final String NAMESPACED = "ciliumnetworkpolicies";
    private static final String CLUSTERWIDE = "ciliumclusterwidenetworkpolicies";
    private static final PolicyKey A = key("a");
    private static final PolicyKey B = key("b");
    private static final PolicyKey WIDE =
            new PolicyKey(Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY, "", "wide");

    private static final String ONE = "{\"ingress\":[]}";
    private static final String TWO = "{\"ingress\":[{}]}";

    private final StubApiServer server = new StubApiServer(CERTIFICATE).start();
    private Peer peer = new Peer.Unusable(EAST, "not opened");

    @AfterEach
    void close() {
        peer.close();
        server.close();
    }

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void remembersWhatIsListedPageByPage() {
        for (var name : new String[] {"a", "b", "c", "d", "e"}) {
            server.policies().put(NAMESPACED, "default/" + name, ONE);
        }
        server.policies().put(CLUSTERWIDE, "wide", TWO);
        server.pageSize(2);

        open();

        awaitView(key("a"), new Holds(EAST, version(ONE), Revision.NONE));
        awaitView(key("e"), new Holds(EAST, version(ONE), Revision.NONE));
        awaitView(key("f"), new Lacks(EAST));
        awaitView(WIDE, new Holds(EAST, version(TWO), Revision.NONE));
        assertThat(server.count("list")).isEqualTo(3 + 1);
        assertThat(peer.status().policies())
                .containsEntry(Kind.CILIUM_NETWORK_POLICY, 5)
                .containsEntry(Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY, 1);
    }

    @Test
    void followsWhatIsAddedChangedAndDeleted() {
        open();
        awaitView(A, new Lacks(EAST));

        server.policies().put(NAMESPACED, "default/a", ONE);
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
        server.policies().put(NAMESPACED, "default/a", TWO);
        awaitView(A, new Holds(EAST, version(TWO), Revision.NONE));
        server.policies().delete(NAMESPACED, "default/a");
        awaitView(A, new Lacks(EAST));

        assertThat(server.count("list")).isEqualTo(2);
    }

    @Test
    void followsWhatItsCiliumSaysOfAPolicy() {
        server.policies().put(NAMESPACED, "default/a", ONE + status("False", "rule\\nother"));
        server.policies().put(NAMESPACED, "default/b", ONE + ",\"status\":{\"conditions\":7}");
        open();
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
        assertThat(peer.objections(A)).containsExactly(new ByCilium("rule; other"));
        assertThat(peer.objections(B)).isEmpty();

        server.policies().put(NAMESPACED, "default/a", ONE + status("False", "x".repeat(2_000)));
        await().until(() -> said(A).length() == 300);
        server.policies().put(NAMESPACED, "default/a", ONE + status("True", "succeeded"));
        await().until(() -> peer.objections(A).isEmpty());

        assertThat(peer.recall(A)).isEqualTo(new Holds(EAST, version(ONE), Revision.NONE));
    }

    @Test
    void saysWhatCiliumWouldNotTake() {
        var rejected = "{\"endpointSelector\":{},\"ingress\":[{\"fromEntities\":[\"moon\"]}]}";
        server.policies().put(NAMESPACED, "default/a", rejected);
        open();

        awaitView(A, new Holds(EAST, version(rejected), Revision.NONE));

        assertThat(peer.objections(A))
                .containsExactly(new ByReading(new Rejection("ingress[0]", "unknown entity moon")));
    }

    private String said(PolicyKey key) {
        return peer.objections(key).stream()
                .map(it -> it instanceof ByCilium(var message) ? message : "")
                .collect(Collectors.joining());
    }

    private static String status(String valid, String message) {
        return ",\"status\":{\"conditions\":[{\"type\":\"Valid\",\"status\":\"%s\",\"message\":\"%s\"}]}"
                .formatted(valid, message);
    }

    @Tag("slow")
    @Test
    void staysInSyncWithAPeerWhereNothingHappens() {
        open();
        awaitView(A, new Lacks(EAST));

        // Longer than memory is believed: it is the watches, opened again, that keep it fresh.
        await().during(5, SECONDS)
                .atMost(10, SECONDS)
                .until(() -> peer.recall(A).equals(new Lacks(EAST)));

        assertThat(server.count("list")).isEqualTo(2);
        assertThat(server.count("watch")).isBetween(8L, 20L);
    }

    @Test
    void knowsWhenTheCertificateOfTheApiServerExpires() {
        open();

        await().until(
                        () ->
                                peer.status()
                                        .certificateExpires()
                                        .equals(
                                                Optional.of(
                                                        CERTIFICATE
                                                                .certificate()
                                                                .getNotAfter()
                                                                .toInstant())));
    }

    /// It may be the file of another cluster, or the name that was configured here on purpose.
    @Test
    void saysWhatTheClusterCallsItselfAndGoesOnComparing() {
        server.answer("configure", 200, "{\"data\":{\"cluster-name\":\"west\"}}");
        open();

        await().atMost(20, SECONDS)
                .until(() -> peer.status().reason().equals("its Cilium calls it west"));
        assertThat(peer.status().callsItself()).contains(new ClusterName("west"));
        awaitView(A, new Lacks(EAST));
        assertThat(peer.status().up()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"east", "", "\u001b[31mwest"})
    void saysNothingOfItsOwnNameOrOfNone(String name) {
        server.answer("configure", 200, "{\"data\":{\"cluster-name\":\"" + escaped(name) + "\"}}");
        open();

        await().atMost(20, SECONDS)
                .until(() -> peer.facts().settings().isPresent() && peer.status().up());
        assertThat(peer.status().callsItself()).isEmpty();
        assertThat(peer.status().reason()).isEmpty();
    }

    private static String escaped(String text) {
        return text.replace("\u001b", "\\u001b");
    }

    /// Whatever it was: nobody believes any more what nobody follows, and somebody follows soon.
    @Test
    void aWatchThatDiesOfAnythingIsRestarted() {
        var broken = new AtomicBoolean(true);
        Consumer<PolicyKey> changed =
                key -> {
                    if (key.equals(B) && broken.get()) {
                        throw new NoClassDefFoundError("gone");
                    }
                };
        open(Kubeconfigs.withToken(server.url(), AUTHORITY), surroundings(changed, new Vigil()));
        awaitView(A, new Lacks(EAST));

        server.policies().put(NAMESPACED, "default/b", ONE);
        awaitView(A, new Unknown(EAST, "its watch ended and is being restarted"));
        server.policies().put(NAMESPACED, "default/a", ONE);
        broken.set(false);

        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
        awaitView(B, new Holds(EAST, version(ONE), Revision.NONE));
    }

    @Tag("slow")
    @Test
    void aProbeThatDiesIsStartedAgain() {
        server.answer("configure", 200, "{\"data\":{}}");
        var deaths = new AtomicInteger();
        var surroundings =
                Settings.surroundings(
                        Settings.pace(),
                        () -> {
                            if (Thread.currentThread().getName().startsWith("probe")
                                    && deaths.incrementAndGet() < 3) {
                                throw new IllegalStateException("a bug");
                            }
                            return Optional.empty();
                        });

        open(Kubeconfigs.withToken(server.url(), AUTHORITY), surroundings);

        await().atMost(20, SECONDS).until(() -> peer.facts().settings().isPresent());
    }

    @Test
    void saysThatItsThreadIsStuck() throws InterruptedException {
        var clock = new AtomicLong();
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        Consumer<PolicyKey> changed =
                key -> {
                    begun.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                };
        server.policies().put(NAMESPACED, "default/a", ONE);

        open(
                Kubeconfigs.withToken(server.url(), AUTHORITY),
                surroundings(changed, Vigils.at(clock::get)));
        begun.await();
        clock.set(Duration.ofHours(1).toNanos());

        await().atMost(20, SECONDS)
                .until(
                        () ->
                                peer.status()
                                        .standing()
                                        .words()
                                        .contains(
                                                "its thread watch-east-ciliumnetworkpolicies has been stuck for 3600 s"));
        assertThat(peer.status().up()).isFalse();
        end.countDown();
    }

    private static Surroundings surroundings(Consumer<PolicyKey> changed, Vigil vigil) {
        return Surroundings.of(
                Settings.pace(), Optional::empty, changed, _ -> {}, Movements.NONE, vigil);
    }

    /// Before Cilium 1.18, under another version of their API.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void knowsTheNamesOfItsCidrGroups(boolean isServed) {
        if (!isServed) {
            server.answer("group", 404);
        }
        server.policies().put("ciliumcidrgroups", "partners", "{}");

        open();

        await().until(() -> peer.facts().cidrGroups().equals(Optional.of(Set.of("partners"))));
        assertThat(server.count("group-v2alpha1")).isEqualTo(isServed ? 0 : 1);
    }

    @Test
    void knowsThatItHasNoCidrGroups() {
        open();

        await().until(() -> peer.facts().cidrGroups().equals(Optional.of(Set.of())));
    }

    @Test
    void readsTheNamesOfCidrGroupsPageByPage() {
        server.pageSize(2);
        for (var name : new String[] {"a", "b", "c"}) {
            server.policies().put("ciliumcidrgroups", name, "{}");
        }

        open();

        await().until(() -> peer.facts().cidrGroups().equals(Optional.of(Set.of("a", "b", "c"))));
        assertThat(server.count("group")).isEqualTo(2);
    }

    /// It would go on for ever.
    @Test
    void endsAListOfCidrGroupsThatHasNoEnd() {
        server.pageSize(1);
        for (int i = 0; i < 30; i++) {
            server.policies().put("ciliumcidrgroups", "group-" + i, "{}");
        }

        open();

        await().until(() -> server.count("group") == 20);
        awaitView(A, new Lacks(EAST));
        assertThat(peer.facts().cidrGroups()).isEmpty();
        assertThat(server.count("group")).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500})
    void knowsNothingOfCidrGroupsThatItCannotList(int code) {
        server.answer("group", code);

        open();

        await().until(() -> server.count("group") == 1);
        awaitView(A, new Lacks(EAST));
        assertThat(peer.facts().cidrGroups()).isEmpty();
        assertThat(server.count("group-v2alpha1")).isZero();
    }

    @Test
    void forgetsTheCidrGroupsOfASilentPeer() {
        open();
        await().until(() -> peer.facts().cidrGroups().isPresent());

        server.mute(true);

        await().until(() -> peer.facts().cidrGroups().isEmpty());
    }

    /// Kept for this cluster's own policies; for a peer's they would waste memory.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void knowsToWhatItsOwnPoliciesRefer(boolean own) {
        server.policies()
                .put(
                        NAMESPACED,
                        "default/a",
                        """
                        {"endpointSelector": {},
                         "egress": [{"toCIDRSet": [{"cidr": "10.0.0.0/8"}, {"cidrGroupRef": "partners"}]}]}
                        """
                                .replace("\n", ""));
        server.policies().put(NAMESPACED, "default/b", ONE);
        var surroundings = Settings.surroundings();

        open(
                Kubeconfigs.withToken(server.url(), AUTHORITY),
                own ? surroundings.ofOwn() : surroundings);

        await().until(() -> peer.keys().size() == 2);
        var partners = new Reference(Reference.CIDR_GROUP, "partners");
        assertThat(peer.references())
                .isEqualTo(
                        own
                                ? Set.of(new PolicyReference(A, partners, new Members.All()))
                                : Set.of());
    }

    @Test
    void goesOnWhereABrokenWatchEnded() {
        open();
        server.policies().put(NAMESPACED, "default/a", ONE);
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));

        server.breakWatches();
        server.policies().put(NAMESPACED, "default/a", TWO);

        await().until(
                        () -> {
                            assertThat(peer.recall(A)).isInstanceOf(Holds.class);
                            return peer.recall(A)
                                    .equals(new Holds(EAST, version(TWO), Revision.NONE));
                        });
        assertThat(server.count("list")).isEqualTo(2);
    }

    @Test
    void needsNoHistoryOfWhatItWasTold() {
        open();
        awaitView(A, new Lacks(EAST));
        server.policies().put(NAMESPACED, "default/a", ONE);
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
        // The watch of the other kind learns by a bookmark how far it is.
        var watches = server.count("watch");
        await().until(() -> server.count("watch") >= watches + 2);

        server.policies().forget();
        server.breakWatches();
        server.policies().put(NAMESPACED, "default/a", TWO);

        awaitView(A, new Holds(EAST, version(TWO), Revision.NONE));
        assertThat(server.count("list")).isEqualTo(2);
    }

    @Test
    void listsAgainWhatThePeerHasForgottenAndIsNotInDoubtMeanwhile() {
        open();
        server.policies().put(NAMESPACED, "default/a", ONE);
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));

        server.policies().putUntold(NAMESPACED, "default/b", TWO);
        server.policies().forget();

        await().until(
                        () -> {
                            assertThat(peer.recall(A))
                                    .isEqualTo(new Holds(EAST, version(ONE), Revision.NONE));
                            return peer.recall(B)
                                    .equals(new Holds(EAST, version(TWO), Revision.NONE));
                        });
        assertThat(server.count("list")).isGreaterThan(2);
    }

    /// Everything is listed again from time to time; a peer that waits for a turn to do so is
    /// followed meanwhile.
    @Tag("slow")
    @Test
    void followsAPeerForAsLongAsItWaitsToListItAnew() throws InterruptedException {
        var turns = new Turns();
        open(
                Kubeconfigs.withToken(server.url(), AUTHORITY),
                surroundings(turns, Long.MAX_VALUE, Duration.ZERO));
        awaitView(A, new Lacks(EAST));
        var taken = new ArrayList<Turns.Turn>();
        for (int i = 0; i < Turns.AT_ONCE; i++) {
            taken.add(turns.visitor().take(Duration.ZERO, () -> {}));
        }
        long lists = server.count("list");
        long watches = server.count("watch");

        await().until(() -> server.count("watch") > watches + 4);
        server.policies().put(NAMESPACED, "default/a", ONE);
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
        assertThat(server.count("list")).isEqualTo(lists);

        taken.forEach(Turns.Turn::close);
        await().until(() -> server.count("list") > lists);
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
    }

    @Test
    void givesUpANamespaceThatIsToldToHoldMoreAndMore() {
        open(
                Kubeconfigs.withToken(server.url(), AUTHORITY),
                surroundings(new Turns(), 20_000, Duration.ofHours(1)));
        var other = new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "other", "a");
        server.policies().put(NAMESPACED, "other/a", ONE);
        awaitView(other, new Holds(EAST, version(ONE), Revision.NONE));

        for (int i = 0; i < 40; i++) {
            server.policies().put(NAMESPACED, "default/p" + i, ONE);
        }
        awaitView(A, new Unknown(EAST, "holds more policies in default than there is memory for"));
        server.policies().put(NAMESPACED, "other/a", TWO);
        awaitView(other, new Holds(EAST, version(TWO), Revision.NONE));
        assertThat(peer.keys()).containsExactly(other);
        assertThat(peer.status().up()).isTrue();

        for (int i = 0; i < 30; i++) {
            server.policies().delete(NAMESPACED, "default/p" + i);
        }
        server.answer("watch", 410);
        server.breakWatches();
        awaitView(A, new Lacks(EAST));
    }

    private static Surroundings surroundings(Turns turns, long most, Duration anew) {
        var usual = Settings.pace();
        var pace =
                new Pace(
                        usual.staleAfter(),
                        usual.firstPause(),
                        usual.longestPause(),
                        usual.grace(),
                        usual.apart(),
                        anew);
        return new Surroundings(
                pace,
                turns,
                new Pool(),
                Intake.ofHeap(),
                most,
                new MemoryAllowance(Long.MAX_VALUE),
                Optional::empty,
                false,
                _ -> {},
                _ -> {},
                Movements.NONE,
                new Vigil());
    }

    @Test
    void listsAgainWhenAWatchIsRefusedAsTooOld() {
        open();
        awaitView(A, new Lacks(EAST));
        server.policies().putUntold(NAMESPACED, "default/a", ONE);

        server.answer("watch", 410);
        server.breakWatches();
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
        server.answerAsUsual("watch");

        await().until(() -> peer.status().up());
    }

    @Test
    void isUnreachableAtOnceWhenThePeerStopsAndComesBackByItself() {
        server.policies().put(NAMESPACED, "default/a", ONE);
        open();
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
        await().until(() -> peer.status().synced());

        server.stop();
        await().atMost(1, SECONDS)
                .untilAsserted(
                        () ->
                                assertThat(peer.recall(A))
                                        .isEqualTo(new Unknown(EAST, "connection refused")));
        assertThat(peer.status().synced()).isTrue();

        server.policies().delete(NAMESPACED, "default/a");
        server.start();
        awaitView(A, new Lacks(EAST));
    }

    @Test
    void comesUpWithAPeerThatWasDownAtTheStart() {
        server.policies().put(NAMESPACED, "default/a", ONE);
        server.stop();
        open();
        awaitView(A, new Unknown(EAST, "connection refused"));
        assertThat(peer.status().synced()).isFalse();

        server.start();

        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
    }

    @Test
    void saysThatTheFirstSynchronizationIsInProgress() {
        server.mute(true);
        open();

        await().during(1, SECONDS)
                .until(
                        () ->
                                peer.recall(A)
                                        .equals(
                                                new Unknown(
                                                        EAST,
                                                        "first synchronization in progress")));

        server.mute(false);
        awaitView(A, new Lacks(EAST));
    }

    @Test
    void doubtsAPeerThatIsConnectedAndSaysNothing() {
        open();
        awaitView(A, new Lacks(EAST));

        server.mute(true);
        await().until(
                        () ->
                                peer.recall(A) instanceof Unknown(_, var cause)
                                        && cause.matches("not heard from for [0-9]+ s"));

        server.mute(false);
        awaitView(A, new Lacks(EAST));
    }

    @ParameterizedTest
    @CsvSource({
        "list, 401, credentials refused (401)",
        "list, 403, not allowed to list ciliumnetworkpolicies (403)",
        "watch, 403, not allowed to watch ciliumnetworkpolicies (403)",
        "list, 404, does not serve ciliumnetworkpolicies (404)",
        "list, 429, too busy (429)",
        "list, 503, server error (503)",
        "list, 302, unexpected answer (302)",
    })
    void saysWhatAPeerRefusesAndGoesOnWhenItNoLongerDoes(String verb, int code, String cause) {
        server.answer(verb, code);
        open();
        awaitView(A, new Unknown(EAST, cause));

        server.answerAsUsual(verb);
        awaitView(A, new Lacks(EAST));
    }

    @ParameterizedTest
    @CsvSource({
        "{}, unexpected answer",
        "<html>, unreadable answer",
        "'{\"metadata\":{\"resourceVersion\":\"1\"}}', unexpected answer",
        "'{\"metadata\":{},\"items\":[]}', unexpected answer",
        "'{\"items\":[],\"items\":[]}', unreadable answer",
    })
    void takesNothingElseForAnEmptyList(String body, String cause) {
        server.answer("list", 200, body);
        open();

        awaitView(A, new Unknown(EAST, cause));
    }

    @Test
    void doubtsAPeerWhoseWatchMakesNoSense() {
        server.answer("watch", 200, "<html>\n");
        open();

        awaitView(A, new Unknown(EAST, "unreadable event"));
    }

    @Test
    void doubtsAPeerThatTakesItsPermissionBack() {
        open();
        awaitView(A, new Lacks(EAST));

        server.answer("list", 401);
        server.answer("watch", 401);

        awaitView(A, new Unknown(EAST, "credentials refused (401)"));
    }

    /// What is refused while it should be valid was taken back, or is not known yet.
    @ParameterizedTest
    @CsvSource({
        "1763000000, credentials refused (401): they expired on 2025-11-13 02:13 UTC; renew them with k8s/connect.sh",
        "99000000000, credentials refused (401)",
    })
    void saysSinceWhenItsTokenIsOver(long end, String cause) {
        var claims = "{\"exp\":%d}".formatted(end).getBytes(StandardCharsets.UTF_8);
        var token =
                "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims) + ".e30";
        open(Kubeconfigs.withToken(server.url(), AUTHORITY).replace(Kubeconfigs.TOKEN, token));

        awaitView(A, new Unknown(EAST, cause));
        assertThat(ask(A)).isEqualTo(new Silent(EAST, cause));
        assertThat(peer.status().standing()).isEqualTo(new Standing.Unknown(cause));
    }

    /// An API server that has just started does not know yet who may what.
    @Tag("slow")
    @Test
    void triesSoonAgainAfterTheFirstRefusalHoweverLongThePeerWasAway() {
        var patient =
                new Pace(
                        Duration.ofMinutes(1),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(1),
                        Duration.ZERO,
                        Duration.ofHours(1));
        open(
                Kubeconfigs.withToken(server.url(), AUTHORITY),
                Settings.surroundings(patient, Optional::empty));
        awaitView(A, new Lacks(EAST));
        await().until(() -> peer.status().up());

        server.answer("identify", 503);
        server.breakWatches();
        long before = server.count("identify");
        // The first pauses of each watch; the next ones are three seconds and more.
        await().atMost(30, SECONDS).until(() -> server.count("identify") >= before + 2 * 7);
        server.answer("identify", 403);
        awaitView(A, new Unknown(EAST, "not allowed to get namespaces (403)"));
        long refused = server.count("identify");

        await().atMost(5, SECONDS).until(() -> server.count("identify") >= refused + 3);
        // The pauses grow.
        await().during(3, SECONDS).until(() -> server.count("identify") < refused + 20);
    }

    @Test
    void trustsNobodyButTheAuthorityOfTheKubeconfig() {
        open(Kubeconfigs.withToken(server.url(), TestCertificate.authority()));

        awaitView(
                A,
                new Unknown(EAST, "its certificate is not signed by the kubeconfig's authority"));
    }

    @Test
    void trustsNoCertificateForAnotherAddress() {
        try (var elsewhere = new StubApiServer(AUTHORITY.issueFor("10.0.0.1")).start()) {
            open(Kubeconfigs.withToken(elsewhere.url(), AUTHORITY));

            awaitView(A, new Unknown(EAST, "its certificate is not valid for its address"));
        }
    }

    @Test
    void trustsNoCertificateThatHasExpired() {
        try (var elsewhere = new StubApiServer(AUTHORITY.issueExpiredFor(LOOPBACK)).start()) {
            open(Kubeconfigs.withToken(elsewhere.url(), AUTHORITY));

            awaitView(A, new Unknown(EAST, "its certificate has expired"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void doesNotTakeAnotherClusterAtTheAddressForOneOfOurs(boolean namesFlowSchema) {
        server.namesFlowSchema(namesFlowSchema);
        server.policies().put(NAMESPACED, "default/a", ONE);
        open();
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
        var before = server.uid();

        server.uid("another");

        // Even before anybody has noticed, a refusal cannot come of it.
        assertThat(ask(A)).isEqualTo(new Silent(EAST, Identity.ANOTHER));
        assertThat(ask(B)).isEqualTo(new Silent(EAST, Identity.ANOTHER));
        awaitView(A, new Unknown(EAST, Identity.ANOTHER));
        assertThat(peer.status().up()).isFalse();

        server.uid(before);
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
    }

    @Test
    void asksOnlyOnceWhereTheAnswerShowsWhichClusterGaveIt() {
        open();
        awaitView(A, new Lacks(EAST));
        long before = server.count("identify");

        for (int i = 0; i < 10; i++) {
            assertThat(ask(A)).isEqualTo(new NotFound(EAST));
        }
        // The watches, opened again, and the probe ask now and then.
        assertThat(server.count("identify") - before).isLessThan(5);

        server.namesFlowSchema(false);
        for (int i = 0; i < 10; i++) {
            assertThat(ask(A)).isEqualTo(new NotFound(EAST));
        }
        assertThat(server.count("identify") - before).isGreaterThanOrEqualTo(10);
    }

    @Test
    void doesNotTakeOurOwnClusterAsAPeer() {
        var surroundings = Settings.surroundings(Settings.pace(), () -> Optional.of(server.uid()));
        open(Kubeconfigs.withToken(server.url(), AUTHORITY), surroundings);

        awaitView(A, new Unknown(EAST, Identity.OWN));
        assertThat(ask(A)).isEqualTo(new Silent(EAST, Identity.OWN));
        assertThat(server.count("list")).isZero();
    }

    @Test
    void saysWhyItCannotTellWhichClusterItIs() {
        server.answer("identify", 403);
        open();

        awaitView(A, new Unknown(EAST, "not allowed to get namespaces (403)"));
    }

    @Test
    void believesNoEventThatComesAfterLaterOnes() {
        open();
        server.policies().put(NAMESPACED, "default/a", ONE);
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
        var lists = server.count("list");

        server.policies().tellAgain(NAMESPACED, "default/b", TWO, 50);

        // It lists, and finds what is.
        await().until(() -> server.count("list") > lists);
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));
        awaitView(B, new Lacks(EAST));
    }

    @Tag("slow")
    @Test
    void ignoresAnOutdatedListForAsLongAsItKnowsBetter() {
        server.policies().put(NAMESPACED, "default/a", ONE);
        open();
        awaitView(A, new Holds(EAST, version(ONE), Revision.NONE));

        server.policies().restore(10);
        server.breakWatches();
        server.policies().forget();

        awaitView(A, new Unknown(EAST, "returns outdated data"));
        // A peer that insists was restored from a backup.
        awaitView(A, new Lacks(EAST));
    }

    @Test
    void leavesAPeerAloneForAsLongAsItWants() {
        server.answerBusy("list", 2);
        open();
        await().until(() -> server.count("list") == 2);
        var begun = System.nanoTime();

        await().until(() -> server.count("list") == 4);

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofMillis(1_500));
    }

    @Test
    void showsWhatThePeerHoldsNow() {
        open();
        awaitView(A, new Lacks(EAST));
        server.policies().putUntold(NAMESPACED, "default/a", ONE);

        assertThat(ask(A))
                .isInstanceOfSatisfying(
                        Shown.class,
                        it -> {
                            assertThat(it.peer()).isEqualTo(EAST);
                            assertThat(it.policy()).isEqualTo(policy(A, ONE));
                            assertThat(it.resourceVersion()).isEqualTo("101");
                        });
        assertThat(ask(B)).isEqualTo(new NotFound(EAST));
    }

    @Test
    void asksForClusterwidePoliciesToo() {
        server.policies().put(CLUSTERWIDE, "wide", TWO);
        open();

        assertThat(ask(WIDE)).isInstanceOf(Shown.class);
    }

    @ParameterizedTest
    @CsvSource({
        "401, credentials refused (401)",
        "403, not allowed to get ciliumnetworkpolicies (403)",
        // The server's Status is not about our policy: that is not the API server saying it has
        // none.
        "404, does not serve ciliumnetworkpolicies (404)",
    })
    void takesNoOtherAnswerAsAbsence(int code, String cause) {
        open();
        server.answer("get", code);

        assertThat(ask(A)).isEqualTo(new Silent(EAST, cause));
    }

    @ParameterizedTest
    @CsvSource({"429, too busy (429)", "500, server error (500)", "503, server error (503)"})
    void isNotUnknownAtOnceWhenItIsBusyOrInTrouble(int code, String cause) {
        // Or what was left unanswered might be asked about once more in between, and that counts.
        open(Kubeconfigs.withToken(server.url(), AUTHORITY), Settings.leftAlone());
        server.answer("get", code);

        assertThat(ask(A)).isEqualTo(new Deferred(EAST, cause));
        assertThat(ask(A)).isEqualTo(new Deferred(EAST, cause));
        assertThat(ask(A)).isEqualTo(new Silent(EAST, cause));
    }

    @Test
    void takesNoOtherPolicyForTheOneItAsksFor() {
        open();
        server.answer("get", 200, "{\"metadata\":{\"namespace\":\"default\",\"name\":\"b\"}}");

        assertThat(ask(A)).isEqualTo(new Silent(EAST, "unexpected answer"));
    }

    @Test
    void asksOnce() {
        open();
        server.answer("get", 503);

        ask(A);

        assertThat(server.count("get")).isEqualTo(1);
    }

    @Test
    void saysNothingMoreWhenItIsClosed() {
        open();
        awaitView(A, new Lacks(EAST));

        peer.close();

        assertThat(ask(A)).isEqualTo(new Deferred(EAST, "its connection was renewed just now"));
    }

    @Test
    void usesItsConnectionsAgain() {
        open();
        awaitView(A, new Lacks(EAST));

        for (int i = 0; i < 20; i++) {
            ask(A);
        }

        // One for each watch, that of namespaces among them, and one for asking; another if a watch
        // was
        // opened again just then.
        assertThat(server.connections()).isLessThan(7);
    }

    @Test
    void tellsNobodyAnythingAfterItIsClosed() {
        open();
        awaitView(A, new Lacks(EAST));

        peer.close();

        // A request may have been on its way.
        var before = new AtomicLong();
        await().during(2, SECONDS)
                .until(
                        () -> {
                            long now = server.count("watch") + server.count("list");
                            return before.getAndSet(now) == now;
                        });
    }

    private void open() {
        open(Kubeconfigs.withToken(server.url(), AUTHORITY));
    }

    private void open(String kubeconfig) {
        open(kubeconfig, Settings.surroundings());
    }

    private void open(String kubeconfig, Surroundings surroundings) {
        var file = new Content(ByteBuffer.wrap(kubeconfig.getBytes(StandardCharsets.UTF_8)));
        peer =
                new PeerOpening(
                                new VertxHttpClientFactory(VERTX),
                                new PolicyReader(),
                                Settings.quick(),
                                surroundings)
                        .open(EAST, file);
    }

    private LiveAnswer ask(PolicyKey key) {
        return peer.ask(key, Deadline.in(Duration.ofSeconds(20)));
    }

    private void awaitView(PolicyKey key, PeerView view) {
        await().atMost(20, SECONDS)
                .untilAsserted(() -> assertThat(peer.recall(key)).isEqualTo(view));
    }

    private static PolicyKey key(String name) {
        return new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", name);
    }

    private static mesh.lockstep.policy.Policy policy(PolicyKey key, String spec) {
        try {
            var object = "{\"spec\":" + spec + "}";
            return new PolicyReader()
                    .read(key, StrictJson.read(object.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Version version(String spec) {
        return policy(A, spec).version();
    }
}
