package mesh.lockstep.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A key and a certificate made on the spot: no key is in the repository, and none of the
/// certificates expires some day.
public record TestCertificate(KeyPair keys, X509Certificate certificate) {

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Duration DAY = Duration.ofDays(1);

    public static TestCertificate authority() {
        var name = Der.name("authority " + NUMBERS.incrementAndGet());
        var keys = newKeys();
        return signed(keys, keys, name, name, Der.isAuthority(), Instant.now().plus(DAY));
    }

    public TestCertificate issueFor(String address) {
        return issue(address, Instant.now().plus(DAY));
    }

    public TestCertificate issueExpiredFor(String address) {
        return issue(address, Instant.now().minusSeconds(60));
    }

    public TestCertificate issueForName(String host, Instant until) {
        return issue(Der.isFor(host), until);
    }

    private TestCertificate issue(String address, Instant until) {
        return issue(Der.isFor(InetAddress.ofLiteral(address)), until);
    }

    private TestCertificate issue(byte[] extension, Instant until) {
        var issuer = certificate.getSubjectX500Principal().getEncoded();
        return signed(newKeys(), keys, Der.name("server"), issuer, extension, until);
    }

    private static TestCertificate signed(
            KeyPair keys,
            KeyPair signer,
            byte[] subject,
            byte[] issuer,
            byte[] extension,
            Instant until) {
        try {
            var body =
                    Der.certificateBody(
                            NUMBERS.incrementAndGet(),
                            issuer,
                            Instant.now().minus(DAY.multipliedBy(2)),
                            until,
                            subject,
                            keys.getPublic().getEncoded(),
                            extension);
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(signer.getPrivate());
            signature.update(body);
            var encoded = new ByteArrayInputStream(Der.certificate(body, signature.sign()));
            var read = CertificateFactory.getInstance("X.509").generateCertificate(encoded);
            return new TestCertificate(keys, (X509Certificate) read);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            // Many handshakes are cheap with it.
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// PEM in base64, as in a kubeconfig.
    public String certificateData() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// PEM in base64, as in a kubeconfig.
    public String keyData() {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    private static String pem(String what, byte[] der) {
        var body = Base64.getMimeEncoder().encodeToString(der);
        var pem = "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, body, what);
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }

    public SSLContext serverContext() {
        try {
            // PKCS12 would take thousands of rounds to protect what nobody keeps.
            var store = KeyStore.getInstance("JKS");
            store.load(null, null);
            store.setKeyEntry(
                    "server", keys.getPrivate(), new char[0], new Certificate[] {certificate});
            var managers = KeyManagerFactory.getInstance("PKIX");
            managers.init(store, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
