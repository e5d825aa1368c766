package mesh.lockstep.support;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// What a server on this machine shows of itself.
public final class ServedCertificate {

    private ServedCertificate() {}

    /// Asks by a connection of its own.
    public static X509Certificate at(int port) {
        try (var socket = connect(port)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A connection over which nothing was said yet.
    public static SSLSocket connect(int port) {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
            var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// To look at a certificate, not to trust it.
    static final class Anybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
