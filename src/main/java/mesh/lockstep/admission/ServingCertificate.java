package mesh.lockstep.admission;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.X509KeyManager;
import org.jboss.logging.Logger;

/// What the API server knows us by, read again while serving.
///
/// The server asks for it at each handshake, so a new one needs no other TLS context: making one
/// (`TCPServerBase.updateSSLOptions` of Vert.x 4.5) closes what connects meanwhile.
@Singleton
@Identifier("webhook")
@IfBuildProfile("prod")
class ServingCertificate implements KeyStoreProvider {

    private static final Logger LOG = Logger.getLogger(ServingCertificate.class);

    private final WebhookConfig.Tls config;

    private record Read(KeyStore store, CertifiedKey key) {}

    ServingCertificate(WebhookConfig config) {
        this.config = config.tls();
    }

    /// @throws IllegalStateException if the files are not a certificate and its key
    @Override
    public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        try {
            var first = read(vertx);
            var serving = new RotatingKey(first.key());
            vertx.setPeriodic(
                    config.readEvery().toMillis(),
                    _ -> vertx.executeBlocking(() -> readAgain(vertx, serving)));
            return new KeyStoreAndKeyCertOptions(first.store(), KeyCertOptions.wrap(serving));
        } catch (Exception e) {
            throw new IllegalStateException(
                    files() + " are not a certificate and its key: " + e, e);
        }
    }

    private boolean readAgain(Vertx vertx, RotatingKey serving) {
        try {
            var rotated = serving.rotate(read(vertx).key());
            if (rotated) {
                LOG.infof("Serving another certificate, from %s", config.certificate());
            }
            return rotated;
        } catch (Exception e) {
            LOG.errorf(
                    "%s are not a certificate and its key, what was served before stays: %s",
                    files(), e);
            return false;
        }
    }

    // Vert.x declares Exception.
    private Read read(Vertx vertx) throws Exception {
        var pem =
                new PemKeyCertOptions()
                        .addCertValue(bytes(config.certificate()))
                        .addKeyValue(bytes(config.key()));
        var store = pem.loadKeyStore(vertx);
        var manager = (X509KeyManager) pem.getKeyManagerFactory(vertx).getKeyManagers()[0];
        var alias = store.aliases().nextElement();
        return new Read(
                store,
                CertifiedKey.of(manager.getPrivateKey(alias), manager.getCertificateChain(alias)));
    }

    private static Buffer bytes(Path file) throws IOException {
        return Buffer.buffer(Files.readAllBytes(file));
    }

    private String files() {
        return config.certificate() + " and " + config.key();
    }
}
