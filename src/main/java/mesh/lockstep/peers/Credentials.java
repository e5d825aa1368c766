package mesh.lockstep.peers;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Where a peer's API server is, how it proves to be it, and who we are there.
///
/// @param server https, without user, query and fragment
/// @param authority who may sign the server's certificate
record Credentials(URI server, Pem authority, Identity identity) {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    sealed interface Identity {}

    record Token(String value) implements Identity {
        /// Never the token.
        @Override
        public String toString() {
            return "token";
        }
    }

    record ClientCertificate(Pem certificate, Pem key) implements Identity {}

    /// A client that knows only what is said here: nothing of the pod it runs in, of the
    /// environment or of `~/.kube`. It retries nothing by itself: questions have a deadline,
    /// watches their own pace.
    ///
    /// @param shown notes the server's certificate at each handshake
    /// @throws GeneralSecurityException if the credentials cannot be used
    HttpClient client(HttpClient.Factory factory, Duration requestTimeout, ServerCertificate shown)
            throws GeneralSecurityException {
        return factory.newBuilder(config(requestTimeout))
                .sslContext(keyManagers(), shown.noting(trustManagers()))
                .build();
    }

    private Config config(Duration requestTimeout) {
        var config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl(server.toString())
                        .withCaCertData(authority.encoded())
                        .withConnectionTimeout((int) CONNECT_TIMEOUT.toMillis())
                        .withRequestTimeout((int) requestTimeout.toMillis())
                        .withRequestRetryBackoffLimit(0)
                        .withWatchReconnectLimit(0);
        return switch (identity) {
            case Token(var value) -> config.withOauthToken(value).build();
            // Its certificate and key are in the key managers.
            case ClientCertificate _ -> config.build();
        };
    }

    private KeyManager @Nullable [] keyManagers() throws GeneralSecurityException {
        return switch (identity) {
            case Token _ -> null;
            case ClientCertificate(var certificate, var key) -> key.keyManagers(certificate);
        };
    }

    /// Only the peer's authority. fabric8 (7.5.2, `CertUtils.createTrustStore`) adds the authority
    /// to those that the Java platform trusts, so that any public one could vouch for a peer.
    private TrustManager[] trustManagers() throws GeneralSecurityException {
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            trusted.load(null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        for (var certificate : authority.certificates()) {
            trusted.setCertificateEntry("authority-" + trusted.size(), certificate);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }
}
