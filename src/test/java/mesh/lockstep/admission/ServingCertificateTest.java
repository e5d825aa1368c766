package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import mesh.lockstep.support.WebhookProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingCertificateTest {

    private final Vertx vertx = Vertx.vertx();

    @TempDir Path folder;

    @BeforeEach
    void makeCertificates() {
        WebhookProcess.makeCertificates(folder);
    }

    @AfterEach
    void close() {
        vertx.close();
    }

    @Test
    void readsACertificateAndItsKey() throws Exception {
        var store = read().keyStore;

        assertThat(Collections.list(store.aliases())).hasSize(1);
    }

    @Test
    void refusesTheKeyOfAnotherCertificate() throws IOException {
        var old = Files.readString(file("tls.key"));
        WebhookProcess.makeCertificates(folder, "--renew");
        Files.writeString(file("tls.key"), old);

        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file("tls.crt").toString())
                .hasMessageContaining("the key is another certificate's");
    }

    @Test
    void refusesWhatIsNoCertificate() throws IOException {
        Files.writeString(file("tls.crt"), "none");

        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file("tls.crt").toString());
    }

    private KeyStoreAndKeyCertOptions read() {
        return new ServingCertificate(new Config(file("tls.crt"), file("tls.key")))
                .getKeyStore(vertx);
    }

    private Path file(String name) {
        return folder.resolve("tls").resolve(name);
    }

    private record Config(Path certificate, Path key) implements WebhookConfig, WebhookConfig.Tls {
        @Override
        public Disclosure disclose() {
            return Disclosure.VALUES;
        }

        @Override
        public String namespace() {
            return "lockstep";
        }

        @Override
        public WebhookConfig.Tls tls() {
            return this;
        }
    }
}
