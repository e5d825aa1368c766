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
import java.security.KeyStore;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.X509KeyManager;
import mesh.lockstep.vigil.Vigil;
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
    private final ServedKey served;
    private final TlsFiles files;

    private record Read(KeyStore store, CertifiedKey key) {}

    ServingCertificate(WebhookConfig config, Vigil vigil, ServedKey served) {
        this.config = config.tls();
        this.served = served;
        files = new TlsFiles("serving-certificate", this.config.readEvery(), vigil);
    }

    /// @throws IllegalStateException if the files are not a certificate and its key
    @Override
    public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        try {
            var first = read(vertx);
            var serving = new RotatingKey(first.key());
            served.set(serving);
            files.keepReading(() -> readAgain(vertx, serving));
            return new KeyStoreAndKeyCertOptions(first.store(), KeyCertOptions.wrap(serving));
        } catch (Exception e) {
            throw new IllegalStateException(
                    names() + " do not hold a certificate and its key: " + e, e);
        }
    }

    private void readAgain(Vertx vertx, RotatingKey serving) throws InterruptedException {
        try {
            if (serving.rotate(read(vertx).key())) {
                LOG.infof("Serving a new certificate from %s", config.certificate());
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (TimeoutException e) {
            LOG.errorf(
                    "%s cannot be read in time; still serving the previous certificate", names());
        } catch (Exception e) {
            LOG.errorf(
                    "%s do not hold a certificate and its key; still serving the previous one: %s",
                    names(), e);
        }
    }

    // Vert.x declares Exception.
    private Read read(Vertx vertx) throws Exception {
        var pem =
                new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(files.read(config.certificate())))
                        .addKeyValue(Buffer.buffer(files.read(config.key())));
        var store = pem.loadKeyStore(vertx);
        var manager = (X509KeyManager) pem.getKeyManagerFactory(vertx).getKeyManagers()[0];
        var alias = store.aliases().nextElement();
        return new Read(
                store,
                CertifiedKey.of(manager.getPrivateKey(alias), manager.getCertificateChain(alias)));
    }

    private String names() {
        return config.certificate() + " and " + config.key();
    }
}
