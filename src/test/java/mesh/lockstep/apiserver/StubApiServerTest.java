package mesh.lockstep.apiserver;

import io.vertx.core.Vertx;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.support.TestCertificate;
import org.junit.jupiter.api.AfterAll;

/// The stub is as much of an API server as we rely on.
class StubApiServerTest extends PeerApiContract {

    private static final Vertx VERTX = Vertx.vertx();
    private static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final StubApiServer SERVER =
            new StubApiServer(AUTHORITY.issueFor("127.0.0.1")).start();
    private static final String KUBECONFIG = Kubeconfigs.withToken(SERVER.url(), AUTHORITY);
    private static final PeerApi API = PeerApis.open(KUBECONFIG, VERTX);
    private static final PeerApi STRANGER =
            PeerApis.open(KUBECONFIG.replace(Kubeconfigs.TOKEN, "unknown"), VERTX);

    @AfterAll
    static void close() {
        API.close();
        STRANGER.close();
        SERVER.close();
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Override
    PeerApi api() {
        return API;
    }

    @Override
    PeerApi stranger() {
        return STRANGER;
    }

    @Override
    void put(String name, int port) {
        SERVER.policies()
                .put("ciliumnetworkpolicies", "default/" + name, "{\"port\":" + port + "}");
    }

    @Override
    void delete(String name) {
        SERVER.policies().delete("ciliumnetworkpolicies", "default/" + name);
    }

    @Override
    void putGroup(String name) {
        SERVER.policies().put("ciliumcidrgroups", name, "{}");
    }

    @Override
    void forget() {
        SERVER.policies().forget();
    }
}
