package mesh.lockstep.apiserver;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import mesh.lockstep.kubeconfig.Credentials;
import mesh.lockstep.kubeconfig.Pem;
import org.jspecify.annotations.Nullable;

/// Connects to a peer's API server by its credentials, and by nothing else.
public final class PeerClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private PeerClient() {}

    /// A client that knows only what its credentials say: nothing of the pod it runs in, of the
    /// environment or of `~/.kube`. It retries nothing by itself: questions have a deadline,
    /// watches their own pace.
    ///
    /// @param shown notes the server's certificate at each handshake
    /// @throws GeneralSecurityException if the credentials cannot be used
    public static HttpClient of(
            Credentials credentials,
            HttpClient.Factory factory,
            Duration requestTimeout,
            ServerCertificate shown)
            throws GeneralSecurityException {
        return factory.newBuilder(config(credentials, requestTimeout))
                .sslContext(
                        keyManagers(credentials.identity()),
                        shown.noting(trustManagers(credentials.authority())))
                .build();
    }

    private static Config config(Credentials credentials, Duration requestTimeout) {
        var config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl(credentials.server().toString())
                        .withCaCertData(credentials.authority().encoded())
                        .withConnectionTimeout((int) CONNECT_TIMEOUT.toMillis())
                        .withRequestTimeout((int) requestTimeout.toMillis())
                        .withRequestRetryBackoffLimit(0)
                        .withWatchReconnectLimit(0);
        return switch (credentials.identity()) {
            case Credentials.Token(var value) -> config.withOauthToken(value).build();
            // Its certificate and key are in the key managers.
            case Credentials.ClientCertificate _ -> config.build();
        };
    }

    private static KeyManager @Nullable [] keyManagers(Credentials.Identity identity)
            throws GeneralSecurityException {
        return switch (identity) {
            case Credentials.Token _ -> null;
            case Credentials.ClientCertificate(var certificate, var key) ->
                    key.keyManagers(certificate);
        };
    }

    /// Only the peer's authority. fabric8 (7.5.2, `CertUtils.createTrustStore`) adds the authority
    /// to those that the Java platform trusts, so that any public one could vouch for a peer.
    private static TrustManager[] trustManagers(Pem authority) throws GeneralSecurityException {
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
