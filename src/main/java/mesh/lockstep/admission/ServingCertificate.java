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
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.X509KeyManager;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.vigil.Aside;
import mesh.lockstep.vigil.Duty;
import mesh.lockstep.vigil.Heartbeat;
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

    /// A file that is there answers at once; one on a network that is gone, never.
    private static final Duration IN_TIME = Duration.ofSeconds(10);

    private static final Duration TURN = Duration.ofMinutes(1);

    /// A certificate and what leads to its CA have some KiB.
    private static final int MAX_BYTES = 1024 * 1024;

    private final WebhookConfig.Tls config;
    private final Vigil vigil;
    private final Aside aside = new Aside("serving-certificate");

    private record Read(KeyStore store, CertifiedKey key) {}

    ServingCertificate(WebhookConfig config, Vigil vigil) {
        this.config = config.tls();
        this.vigil = vigil;
    }

    /// @throws IllegalStateException if the files are not a certificate and its key
    @Override
    public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        try {
            var first = read(vertx);
            var serving = new RotatingKey(first.key());
            vigil.keep(
                    Duty.CERTIFICATE,
                    "serving-certificate",
                    heartbeat -> keepUp(vertx, serving, heartbeat));
            return new KeyStoreAndKeyCertOptions(first.store(), KeyCertOptions.wrap(serving));
        } catch (Exception e) {
            throw new IllegalStateException(
                    files() + " are not a certificate and its key: " + e, e);
        }
    }

    private void keepUp(Vertx vertx, RotatingKey serving, Heartbeat heartbeat)
            throws InterruptedException {
        while (true) {
            var next = Deadline.in(config.readEvery());
            while (!next.isPast()) {
                heartbeat.beat();
                Thread.sleep(next.left().compareTo(TURN) < 0 ? next.left() : TURN);
            }
            readAgain(vertx, serving);
        }
    }

    private void readAgain(Vertx vertx, RotatingKey serving) throws InterruptedException {
        try {
            if (serving.rotate(read(vertx).key())) {
                LOG.infof("Serving another certificate, from %s", config.certificate());
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (TimeoutException e) {
            LOG.errorf("%s cannot be read in time, what was served before stays", files());
        } catch (Exception e) {
            LOG.errorf(
                    "%s are not a certificate and its key, what was served before stays: %s",
                    files(), e);
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

    private Buffer bytes(Path file) throws IOException, TimeoutException, InterruptedException {
        return aside.within(IN_TIME, file, () -> content(file));
    }

    private static Buffer content(Path file) throws IOException {
        try (var content = Channels.newInputStream(FileChannel.open(file))) {
            return Buffer.buffer(content.readNBytes(MAX_BYTES));
        }
    }

    private String files() {
        return config.certificate() + " and " + config.key();
    }
}
