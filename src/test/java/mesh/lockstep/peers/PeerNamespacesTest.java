package mesh.lockstep.peers;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import mesh.lockstep.apiserver.StubApiServer;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.peers.PeerDirectory.PeerFile.Content;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.Movements;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.support.TestCertificate;
import mesh.lockstep.vigil.Vigil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a peer does not share with the mesh is its own affair.
class PeerNamespacesTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final ClusterName EAST = new ClusterName("east");
    private static final String UNSHARED =
            "\"annotations\":{\"clustermesh.cilium.io/global\":\"false\"}";
    private static final String SHARED =
            "\"annotations\":{\"clustermesh.cilium.io/global\":\"true\"}";

    private final StubApiServer server = new StubApiServer(AUTHORITY.issueFor("127.0.0.1")).start();
    private final Queue<String> changed = new ConcurrentLinkedQueue<>();
    private Peer peer = new Peer.Unusable(EAST, "not opened");

    @BeforeEach
    void twoNamespacesWithAPolicyEach() {
        server.showNamespaces(true);
        for (var name : new String[] {"default", "private"}) {
            server.policies().putNamespace(name, "");
            server.policies().put("ciliumnetworkpolicies", name + "/a", "{}");
        }
        server.policies().put("ciliumclusterwidenetworkpolicies", "a", "{}");
    }

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
    void knowsFromTheStartWhatIsNotShared() {
        server.policies().putNamespace("private", UNSHARED);
        server.pageSize(1);

        open();

        isNeverCompared("private");
        awaitView("default", PeerView.Holds.class);
    }

    @Test
    void isToldAtOnceAndTellsWhichNamespaces() {
        open();
        awaitView("private", PeerView.Holds.class);

        server.policies().putNamespace("private", UNSHARED);
        awaitView("private", PeerView.Apart.class);
        server.policies().putNamespace("private", SHARED);
        awaitView("private", PeerView.Holds.class);
        server.policies().putNamespace("private", UNSHARED);
        awaitView("private", PeerView.Apart.class);
        server.policies().delete("namespaces", "private");
        awaitView("private", PeerView.Holds.class);

        await().until(() -> changed.size() == 4);
        assertThat(changed).containsOnly("private");
    }

    @Test
    void sharesNothingThatDoesNotSaySoWhereThatIsTheDefault() {
        server.answer(
                "configure",
                200,
                "{\"data\":{\"clustermesh-default-global-namespace\":\"false\"}}");
        server.policies().putNamespace("default", SHARED);

        open();

        isNeverCompared("private");
        awaitView("default", PeerView.Holds.class);
        assertThat(peer.recall(new PolicyKey(Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY, "", "a")))
                .isInstanceOf(PeerView.Holds.class);
    }

    /// As of a peer that was connected with fewer rights.
    @Test
    void takesAllForSharedWhereTheyCannotBeRead() {
        server.policies().putNamespace("private", UNSHARED);
        server.answer("namespaces", 403);

        open();

        awaitView("private", PeerView.Holds.class);
        await().atMost(20, SECONDS).until(() -> peer.status().up());
        server.answerAsUsual("namespaces");
        awaitView("private", PeerView.Apart.class);
    }

    /// As it says in the place of a watch, or in one that it has begun.
    @ParameterizedTest
    @CsvSource({"410, ''", "200, '{\"type\":\"ERROR\",\"object\":{\"code\":410}}'"})
    void listsAgainWhatTheApiServerForgot(int code, String said) {
        open();
        awaitView("private", PeerView.Holds.class);
        server.answer("watch-namespaces", code, said + "\n");
        server.breakWatches();
        server.policies().putNamespace("private", UNSHARED);

        awaitView("private", PeerView.Apart.class);
    }

    /// Each telling costs a look at all policies of all members.
    @Test
    void tellsNowAndThenOfNamespacesThatChangeAllTheTime() {
        open();
        awaitView("private", PeerView.Holds.class);

        for (int i = 0; i < 300; i++) {
            server.policies().putNamespace("private", i % 2 == 0 ? UNSHARED : SHARED);
        }
        server.policies().putNamespace("last", UNSHARED);
        server.policies().put("ciliumnetworkpolicies", "last/a", "{}");

        awaitView("last", PeerView.Apart.class);
        await().until(() -> changed.contains("last"));
        assertThat(changed).hasSizeLessThan(60);
    }

    @Test
    void takesNoNameThatIsLongerThanANamespaceMayHave() {
        var longest = "n".repeat(63);
        server.policies().putNamespace(longest + "n", UNSHARED);
        server.policies().putNamespace(longest, UNSHARED);

        open();

        awaitView(longest, PeerView.Apart.class);
        awaitView(longest + "n", PeerView.Lacks.class);
    }

    /// Not for a moment.
    private void isNeverCompared(String namespace) {
        await().atMost(20, SECONDS)
                .until(
                        () -> {
                            assertThat(view(namespace)).isNotInstanceOf(PeerView.Holds.class);
                            return view(namespace) instanceof PeerView.Apart;
                        });
    }

    private PeerView view(String namespace) {
        return peer.recall(new PolicyKey(Kind.CILIUM_NETWORK_POLICY, namespace, "a"));
    }

    private void awaitView(String namespace, Class<? extends PeerView> kind) {
        await().atMost(20, SECONDS)
                .untilAsserted(() -> assertThat(view(namespace)).isInstanceOf(kind));
    }

    private void open() {
        var kubeconfig = Kubeconfigs.withToken(server.url(), AUTHORITY);
        var file = new Content(ByteBuffer.wrap(kubeconfig.getBytes(StandardCharsets.UTF_8)));
        var surroundings =
                Surroundings.of(
                        Settings.pace(),
                        Optional::empty,
                        _ -> {},
                        it -> changed.addAll(it),
                        Movements.NONE,
                        new Vigil());
        peer =
                new PeerOpening(
                                new VertxHttpClientFactory(VERTX),
                                new PolicyReader(),
                                Settings.quick(),
                                surroundings)
                        .open(EAST, file);
    }
}
