package mesh.lockstep.kubeconfig;

import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;

/// Certificates and keys as a kubeconfig has them: PEM in base64.
///
/// @param encoded the base64, without line breaks
public record Pem(String encoded) {

    static Pem of(String text) {
        return new Pem(text.replaceAll("\\s", ""));
    }

    /// The certificates in it.
    ///
    /// @return never empty
    /// @throws CertificateException with a message that may show a piece of the content
    public List<X509Certificate> certificates() throws CertificateException {
        try {
            var pem = new ByteArrayInputStream(Base64.getDecoder().decode(encoded));
            var read = CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (read.isEmpty()) {
                throw new CertificateException("no certificate");
            }
            return read.stream().map(X509Certificate.class::cast).toList();
        } catch (IllegalArgumentException e) {
            throw new CertificateException("not base64", e);
        }
    }

    /// Takes this for a private key.
    ///
    /// @throws GeneralSecurityException if it is none, or encrypted, or of another algorithm than
    ///   the certificate; with a message that may show a piece of the content
    public KeyManager[] keyManagers(Pem certificate) throws GeneralSecurityException {
        // A key in PKCS #8 does not say in its PEM what it is; its certificate does.
        var algorithm = certificate.certificates().getFirst().getPublicKey().getAlgorithm();
        try {
            return SSLUtils.keyManagers(
                    certificate.encoded, null, encoded, null, algorithm, "", null, null);
        } catch (IOException | RuntimeException e) {
            // fabric8 reads the older forms of keys by hand, and fails on bad ones in many ways.
            throw new GeneralSecurityException("not a private key", e);
        }
    }

    /// Never the content: it may be a private key.
    @Override
    public String toString() {
        return "PEM";
    }
}
