package mesh.lockstep.apiserver;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import java.security.GeneralSecurityException;
import java.time.Duration;
import mesh.lockstep.kubeconfig.Kubeconfig;
import mesh.lockstep.kubeconfig.Kubeconfigs;

/// API servers by their kubeconfigs.
final class PeerApis {

    private PeerApis() {}

    /// The API server that a kubeconfig leads to.
    static PeerApi open(String text, Vertx vertx) {
        if (!(Kubeconfigs.read(text) instanceof Kubeconfig.Accepted(var credentials))) {
            throw new AssertionError("a kubeconfig of no use");
        }
        try {
            var client =
                    PeerClient.of(
                            credentials,
                            new VertxHttpClientFactory(vertx),
                            Duration.ofSeconds(5),
                            new ServerCertificate());
            return new PeerApi(client, credentials.server(), Intake.ofHeap());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
