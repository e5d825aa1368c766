package mesh.lockstep.admission;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeoutException;
import mesh.lockstep.admission.TrustedClients.Authorities;
import mesh.lockstep.vigil.Vigil;
import org.jboss.logging.Logger;

/// Has TLS require a certificate from every client of port 8443, where `lockstep.tls` names who
/// signs it. The file is read again while serving, as the serving certificate is.
@Singleton
class ClientAuthority implements HttpServerOptionsCustomizer {

    private static final Logger LOG = Logger.getLogger(ClientAuthority.class);

    private final WebhookConfig.Tls config;
    private final ServedKey served;
    private final TlsFiles files;

    ClientAuthority(WebhookConfig config, Vigil vigil, ServedKey served) {
        this.config = config.tls();
        this.served = served;
        files = new TlsFiles("client-authority", this.config.readEvery(), vigil);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        config.clientAuthority().ifPresent(path -> demand(options, path));
    }

    private void demand(HttpServerOptions options, Path file) {
        try {
            var clients = new TrustedClients(read(file), served::isOurs);
            files.keepReading(() -> readAgain(file, clients));
            options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(TrustOptions.wrap(clients));
        } catch (IOException | GeneralSecurityException | TimeoutException e) {
            throw new IllegalStateException(
                    "lockstep.tls.client-authority: " + file + " has no certificates: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void readAgain(Path file, TrustedClients clients) throws InterruptedException {
        try {
            if (clients.trust(read(file))) {
                LOG.infof("Trusting new client authorities, from %s", file);
            }
        } catch (TimeoutException e) {
            LOG.errorf("%s cannot be read in time; still trusting the previous authorities", file);
        } catch (IOException | GeneralSecurityException e) {
            LOG.errorf(
                    "%s has no certificates; still trusting the previous authorities: %s", file, e);
        }
    }

    private Authorities read(Path file)
            throws IOException, GeneralSecurityException, TimeoutException, InterruptedException {
        var certificates =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(files.read(file)));
        return Authorities.of(certificates.stream().map(X509Certificate.class::cast).toList());
    }
}
