package mesh.lockstep.peers;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;

/// Kubeconfigs as text.
final class Kubeconfigs {

    static final String TOKEN = "s3cr3t-t0k3n";

    private Kubeconfigs() {}

    static String withToken(String server, TestCertificate authority) {
        return with(server, authority.certificateData(), "token: " + TOKEN);
    }

    static String withClientCertificate(
            String server, TestCertificate authority, TestCertificate client) {
        return with(
                server,
                authority.certificateData(),
                "client-certificate-data: %s\n    client-key-data: %s"
                        .formatted(client.certificateData(), client.keyData()));
    }

    /// A kubeconfig of use.
    ///
    /// @param authority in base64
    /// @param user what the user has, the second line and later ones indented by four
    static String with(String server, String authority, String user) {
        return """
        apiVersion: v1
        kind: Config
        preferences: {}
        current-context: there
        clusters:
        - name: east
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: reader
          user:
            %s
        contexts:
        - name: there
          context:
            cluster: east
            user: reader
            namespace: default
        """
                .formatted(server, authority, user);
    }

    /// The API server that a kubeconfig leads to.
    static PeerApi open(String text, Vertx vertx) {
        if (!(read(text) instanceof Kubeconfig.Accepted(var credentials))) {
            throw new AssertionError("a kubeconfig of no use");
        }
        try {
            var client =
                    credentials.client(
                            new VertxHttpClientFactory(vertx),
                            Duration.ofSeconds(5),
                            new ServerCertificate());
            return new PeerApi(client, credentials.server(), Intake.ofHeap());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static Kubeconfig read(String text) {
        return Kubeconfig.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
