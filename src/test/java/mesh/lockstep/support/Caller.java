package mesh.lockstep.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// A client that speaks to a webhook over TLS, and trusts any certificate.
///
/// @param keys by which it is known; none: it shows nothing
@SuppressWarnings("ArrayRecordComponent") // as TLS takes them
public record Caller(KeyManager... keys) {

    private static final int PATIENCE = 30_000;
    private static final char[] NO_PASSWORD = {};

    public static Caller stranger() {
        return new Caller();
    }

    /// A client with the certificate of a kubeconfig that `make-certs.sh --client` made.
    public static Caller of(Path kubeconfig) throws IOException {
        var user = Yaml.read(Files.readString(kubeconfig)).at("/users/0/user");
        return of(
                decoded(user.path("client-certificate-data").asText()),
                decoded(user.path("client-key-data").asText()));
    }

    /// A client that shows that certificate.
    ///
    /// @param certificate PEM
    /// @param key PEM, PKCS#8, EC
    public static Caller of(byte[] certificate, byte[] key) throws IOException {
        try {
            var text =
                    new String(key, StandardCharsets.US_ASCII).replaceAll("-----.*-----|\\s", "");
            var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text));
            var chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(certificate))
                            .toArray(Certificate[]::new);
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "key", KeyFactory.getInstance("EC").generatePrivate(spec), NO_PASSWORD, chain);
            var factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, NO_PASSWORD);
            return new Caller(factory.getKeyManagers());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A connection over which nothing was said yet.
    public SSLSocket connect(int port) throws IOException {
        var socket = (SSLSocket) context().getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(PATIENCE);
        socket.startHandshake();
        return socket;
    }

    /// For whole requests, over connections that are kept.
    public HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context())
                .build();
    }

    private SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    keys, new TrustManager[] {new ServedCertificate.Anybody()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What is answered to a review on a connection of its own; empty if nothing is.
    public String validate(int port, byte[] review) throws IOException {
        try (var socket = connect(port)) {
            var head =
                    "POST /validate HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                            + review.length
                            + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(review);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException | SSLException e) {
            return "";
        }
    }

    private static byte[] decoded(String text) {
        return Base64.getDecoder().decode(text);
    }
}
