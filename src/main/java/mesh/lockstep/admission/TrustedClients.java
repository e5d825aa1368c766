package mesh.lockstep.admission;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Trusts clients whose certificate is signed by an authority, and is for clients
/// (`extendedKeyUsage: clientAuth`). The authorities may be replaced while handshakes are in
/// progress.
final class TrustedClients extends X509ExtendedTrustManager {

    /// Certificates of authorities, and what checks against them.
    record Authorities(List<X509Certificate> certificates, X509ExtendedTrustManager trust) {

        /// @throws GeneralSecurityException if there is none
        static Authorities of(List<X509Certificate> certificates)
                throws IOException, GeneralSecurityException {
            if (certificates.isEmpty()) {
                throw new CertificateException("no certificate in it");
            }
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (var certificate : certificates) {
                store.setCertificateEntry("authority" + store.size(), certificate);
            }
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return new Authorities(
                    certificates, (X509ExtendedTrustManager) factory.getTrustManagers()[0]);
        }
    }

    private final Predicate<X509Certificate> isOurs;
    private volatile Authorities authorities;

    /// @param isOurs who need not be signed by them
    TrustedClients(Authorities authorities, Predicate<X509Certificate> isOurs) {
        this.authorities = authorities;
        this.isOurs = isOurs;
    }

    /// Whether they are others than before.
    synchronized boolean trust(Authorities next) {
        if (next.certificates().equals(authorities.certificates())) {
            return false;
        }
        authorities = next;
        return true;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        if (!isOurs.test(chain[0])) {
            authorities.trust().checkClientTrusted(chain, type, engine);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        if (!isOurs.test(chain[0])) {
            authorities.trust().checkClientTrusted(chain, type);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("clients only");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.certificates().toArray(X509Certificate[]::new);
    }
}
