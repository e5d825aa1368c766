package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.apiserver.PeerClient;
import mesh.lockstep.apiserver.Server;
import mesh.lockstep.apiserver.ServerCertificate;
import mesh.lockstep.apiserver.StubApiServer;
import mesh.lockstep.kubeconfig.Kubeconfig;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.rollout.Namespaces.Namespace;
import mesh.lockstep.support.LogLines;
import mesh.lockstep.support.TestCertificate;
import mesh.lockstep.vigil.Vigil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What this cluster's namespaces say of themselves, from an API server that is played.
class OwnNamespacesTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String UNSHARED =
            "\"annotations\":{\"clustermesh.cilium.io/global\":\"false\"}";
    private static final String LEVEL = "\"labels\":{\"lockstep.mesh/enforce\":\"audit\"}";
    private static final String GOING = "\"deletionTimestamp\":\"2026-11-01T00:00:00Z\"";

    private final StubApiServer stub = new StubApiServer(AUTHORITY.issueFor("127.0.0.1")).start();
    private Server server;
    private OwnNamespaces namespaces;

    @BeforeEach
    void connect() throws GeneralSecurityException {
        stub.showNamespaces(true);
        stub.policies().putNamespace("default", "");
        var kubeconfig = Kubeconfigs.withToken(stub.url(), AUTHORITY);
        var accepted =
                (Kubeconfig.Accepted)
                        Kubeconfig.read(
                                ByteBuffer.wrap(kubeconfig.getBytes(StandardCharsets.UTF_8)));
        server =
                new Server(
                        PeerClient.of(
                                accepted.credentials(),
                                new VertxHttpClientFactory(VERTX),
                                SOON,
                                new ServerCertificate()),
                        URI.create(stub.url()));
        namespaces =
                new OwnNamespaces(
                        () -> server,
                        new OwnCluster(Optional::empty, new OwnApi(() -> server)),
                        new KubernetesPeers(Settings.quick()),
                        Settings.quick(),
                        new Vigil());
    }

    @AfterEach
    void close() {
        namespaces.stop(new ShutdownEvent());
        server.client().close();
        stub.close();
    }

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private void start() {
        namespaces.start(new StartupEvent());
    }

    @Test
    void readsLiveWhatIsNotInMemory() {
        stub.policies().putNamespace("team", LEVEL);

        assertThat(namespaces.recall("team")).isEmpty();
        assertThat(namespaces.find("team")).isEqualTo(level("audit"));
        assertThat(namespaces.find("gone")).isEqualTo(Namespace.ORDINARY);
    }

    @Test
    void remembersThoseThatAreListed() {
        stub.pageSize(1);
        stub.policies().putNamespace("team", LEVEL);
        stub.policies().putNamespace("private", UNSHARED);
        stub.policies().putNamespace("going", GOING);

        start();

        remembers("team", level("audit"));
        remembers("private", new Namespace(false, false, Optional.empty()));
        remembers("going", new Namespace(true, true, Optional.empty()));
        remembers("default", Namespace.ORDINARY);
    }

    @Test
    void isToldWhatHappens() {
        start();
        remembers("default", Namespace.ORDINARY);

        stub.policies().putNamespace("default", LEVEL);
        remembers("default", level("audit"));
        stub.policies().putNamespace("team", UNSHARED);
        remembers("team", new Namespace(false, false, Optional.empty()));
        stub.policies().delete("namespaces", "team");
        await().atMost(SOON).until(() -> namespaces.recall("team").isEmpty());
    }

    /// As an API server says it in the place of a watch, or in one that it has begun.
    @ParameterizedTest
    @CsvSource({"410, ''", "200, '{\"type\":\"ERROR\",\"object\":{\"code\":410}}'"})
    void forgetsWhatANewListLacks(int code, String said) {
        stub.policies().putNamespace("team", LEVEL);
        start();
        remembers("team", level("audit"));

        try (var log = LogLines.captured()) {
            stub.answer("watch-namespaces", code, said + "\n");
            stub.breakWatches();
            stub.policies().delete("namespaces", "team");

            await().atMost(SOON).until(() -> namespaces.recall("team").isEmpty());
            assertThat(log.lines()).noneMatch(line -> line.contains("(410)"));
        }
    }

    @Test
    void saysOnceThatTheyCannotBeReadAndGoesOn() {
        stub.policies().putNamespace("team", LEVEL);
        stub.answer("namespaces", 403);
        try (var log = LogLines.captured()) {
            start();
            await().atMost(SOON).until(() -> stub.count("namespaces") > 2);

            assertThat(log.lines())
                    .filteredOn(it -> it.contains("Namespaces cannot be watched or read here"))
                    .singleElement()
                    .asString()
                    .contains("not allowed to list namespaces (403)", "will retry");
        }
        stub.answerAsUsual("namespaces");

        remembers("team", level("audit"));
    }

    private static Namespace level(String level) {
        return new Namespace(true, false, Optional.of(level));
    }

    private void remembers(String name, Namespace namespace) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(namespaces.recall(name)).contains(namespace));
    }
}
