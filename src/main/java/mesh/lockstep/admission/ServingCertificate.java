package mesh.lockstep.admission;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.logging.Log;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Collections;
import javax.net.ssl.X509KeyManager;

/// What the API server knows us by, read again while serving.
///
/// A certificate and a key that do not belong together are never served: two files may be read in
/// the instant between the replacement of the one and of the other. What was served stays, until
/// they are read the next time.
@Singleton
@Identifier("webhook")
@IfBuildProfile("prod")
class ServingCertificate implements KeyStoreProvider {

    private static final byte[] ANYTHING = {1};

    private final Path certificate;
    private final Path key;

    ServingCertificate(WebhookConfig config) {
        certificate = config.tls().certificate();
        key = config.tls().key();
    }

    /// @throws IllegalStateException if the files are not a certificate and its key
    @Override
    public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        try {
            var pem =
                    new PemKeyCertOptions().addCertValue(read(certificate)).addKeyValue(read(key));
            var store = pem.loadKeyStore(vertx);
            var manager = (X509KeyManager) pem.getKeyManagerFactory(vertx).getKeyManagers()[0];
            for (var alias : Collections.list(store.aliases())) {
                checkPair(
                        manager.getPrivateKey(alias),
                        manager.getCertificateChain(alias)[0].getPublicKey());
            }
            return new KeyStoreAndKeyCertOptions(store, pem);
        } catch (Exception e) { // what Vert.x declares
            var problem =
                    "not a certificate and its key: %s, %s: %s".formatted(certificate, key, e);
            Log.error(problem);
            throw new IllegalStateException(problem, e);
        }
    }

    private static Buffer read(Path file) throws IOException {
        return Buffer.buffer(Files.readAllBytes(file));
    }

    private static void checkPair(PrivateKey key, PublicKey certified)
            throws GeneralSecurityException {
        var algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> key.getAlgorithm();
                };
        var signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(ANYTHING);
        var verifying = Signature.getInstance(algorithm);
        verifying.initVerify(certified);
        verifying.update(ANYTHING);
        if (!verifying.verify(signing.sign())) {
            throw new GeneralSecurityException("the key is another certificate's");
        }
    }
}
