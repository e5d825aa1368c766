package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.X509KeyManager;
import mesh.lockstep.support.WebhookProcess;
import mesh.lockstep.vigil.Vigil;
import mesh.lockstep.vigil.Vigils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingCertificateTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();

    @TempDir Path folder;

    private final Vigil vigil = new Vigil();

    @BeforeEach
    void makeCertificates() {
        WebhookProcess.makeCertificates(folder);
    }

    @AfterEach
    void close() {
        Vigils.end(vigil);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void servesWhatTheFilesHoldNow() throws Exception {
        var manager = serve();
        var first = served(manager);

        WebhookProcess.makeCertificates(folder, "--renew");

        await().atMost(SOON).until(() -> !served(manager).equals(first));
    }

    /// A handshake asks for the alias, the key and the certificate one after the other.
    @Test
    void givesAHandshakeTheKeyOfItsCertificate() throws Exception {
        var manager = serve();
        var alias = manager.chooseServerAlias("EC", null, null);
        var key = manager.getPrivateKey(alias);
        var certificate = served(manager);

        WebhookProcess.makeCertificates(folder, "--renew");
        await().atMost(SOON).until(() -> !served(manager).equals(certificate));

        assertThat(manager.getPrivateKey(alias)).isEqualTo(key);
        assertThat(manager.getCertificateChain(alias)[0]).isEqualTo(certificate);
    }

    @Test
    void keepsServingWhileTheFilesDoNotBelongTogether() throws Exception {
        var manager = serve();
        var first = served(manager);
        var other = Files.createDirectory(folder.resolve("other"));
        WebhookProcess.makeCertificates(other);
        Files.copy(
                other.resolve("tls/tls.crt"), file("tls.crt"), StandardCopyOption.REPLACE_EXISTING);

        await().during(Duration.ofMillis(300)).until(() -> served(manager).equals(first));
    }

    @Test
    void refusesAKeyOfAnotherCertificate() throws IOException {
        var key = Files.readString(file("tls.key"));
        WebhookProcess.makeCertificates(folder, "--renew");
        Files.writeString(file("tls.key"), key);

        assertThatThrownBy(this::serve)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file("tls.crt").toString())
                .hasMessageContaining("the key belongs to a different certificate");
    }

    @Test
    void refusesToStartWithoutACertificate() throws IOException {
        Files.writeString(file("tls.crt"), "none");

        assertThatThrownBy(this::serve)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file("tls.crt").toString());
    }

    private X509KeyManager serve() throws Exception {
        var store =
                new ServingCertificate(new Config(folder.resolve("tls")), vigil, new ServedKey())
                        .getKeyStore(vertx);
        return (X509KeyManager) store.options.getKeyManagerFactory(vertx).getKeyManagers()[0];
    }

    private static X509Certificate served(X509KeyManager manager) {
        return manager.getCertificateChain(manager.chooseServerAlias("EC", null, null))[0];
    }

    private Path file(String name) {
        return folder.resolve("tls").resolve(name);
    }

    private record Config(Path folder) implements WebhookConfig, WebhookConfig.Tls {
        @Override
        public Optional<Disclosure> disclose() {
            return Optional.empty();
        }

        @Override
        public WebhookConfig.Management management() {
            return Optional::empty;
        }

        @Override
        public Optional<Path> clientAuthority() {
            return Optional.empty();
        }

        @Override
        public String namespace() {
            return "lockstep";
        }

        @Override
        public WebhookConfig.Tls tls() {
            return this;
        }

        @Override
        public Path certificate() {
            return folder.resolve("tls.crt");
        }

        @Override
        public Path key() {
            return folder.resolve("tls.key");
        }

        @Override
        public Duration readEvery() {
            return Duration.ofMillis(100);
        }
    }
}
