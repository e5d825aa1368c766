package mesh.lockstep.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import mesh.lockstep.support.TestCertificate;
import org.junit.jupiter.api.Test;

class ServerCertificateTest {

    private static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final TestCertificate GOOD = AUTHORITY.issueFor("127.0.0.1");

    private final ServerCertificate shown = new ServerCertificate();
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void isThatOfTheLastHandshake() throws Exception {
        assertThat(shown.end()).isEmpty();

        handshake(GOOD);

        assertThat(shown.end()).contains(GOOD.certificate().getNotAfter().toInstant());
    }

    /// Anybody could show one, and have its end believed.
    @Test
    void ignoresAnUntrustedCertificate() throws Exception {
        handshake(GOOD);

        for (var bad :
                new TestCertificate[] {
                    TestCertificate.authority().issueFor("127.0.0.1"),
                    AUTHORITY.issueExpiredFor("127.0.0.1")
                }) {
            assertThatThrownBy(() -> handshake(bad)).isInstanceOf(CertificateException.class);
        }

        assertThat(shown.end()).contains(GOOD.certificate().getNotAfter().toInstant());
    }

    /// A connection stays open while the certificate is renewed, and shows what it showed.
    @Test
    void isLookedAtAgainWhenItsEndIsNearButNotAllTheTime() throws Exception {
        shown.keepUp(looks::incrementAndGet);
        assertThat(looks).hasValue(0);

        handshake(GOOD);
        for (int i = 0; i < 3; i++) {
            shown.keepUp(looks::incrementAndGet);
        }

        assertThat(looks).hasValue(1);
    }

    private void handshake(TestCertificate server) throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", AUTHORITY.certificate());
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        var manager = (X509ExtendedTrustManager) shown.noting(factory.getTrustManagers())[0];
        manager.checkServerTrusted(
                new X509Certificate[] {server.certificate()}, "UNKNOWN", (Socket) null);
    }
}
