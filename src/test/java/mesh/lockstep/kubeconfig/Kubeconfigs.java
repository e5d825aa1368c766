package mesh.lockstep.kubeconfig;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import mesh.lockstep.support.TestCertificate;

/// Kubeconfigs as text.
public final class Kubeconfigs {

    public static final String TOKEN = "s3cr3t-t0k3n";

    private Kubeconfigs() {}

    public static String withToken(String server, TestCertificate authority) {
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

    public static Kubeconfig read(String text) {
        return Kubeconfig.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
