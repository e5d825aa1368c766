package mesh.lockstep.apiserver;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import mesh.lockstep.policy.Deadline;
import org.jspecify.annotations.Nullable;

/// When the certificate ends that a peer's API server shows. TLS shows it when a connection is
/// made, and ours stay open for as long as they work: so when the end is near, it is looked at
/// again over a new one. Written by the threads that make connections, read by any.
public final class ServerCertificate {

    /// Machines renew certificates earlier than this.
    private static final Duration NEAR = Duration.ofDays(30);

    private static final Duration EVERY = Duration.ofHours(1);

    private volatile @Nullable Instant end;
    private Deadline next = Deadline.in(Duration.ZERO);

    /// Makes a new connection.
    @FunctionalInterface
    public interface Look {
        void look() throws InterruptedException;
    }

    /// When the first of the certificates that were shown last expires; empty before.
    public Optional<Instant> end() {
        return Optional.ofNullable(end);
    }

    /// Looks again, if it is time. For one thread.
    public void keepUp(Look again) throws InterruptedException {
        var near = Instant.now().plus(NEAR);
        if (next.isPast() && end().filter(instant -> instant.isBefore(near)).isPresent()) {
            next = Deadline.in(EVERY);
            again.look();
        }
    }

    /// The same trust, noting what it was asked about and approved of.
    TrustManager[] noting(TrustManager... managers) {
        return Arrays.stream(managers)
                .map(
                        manager ->
                                manager instanceof X509ExtendedTrustManager trust
                                        ? new Noting(trust)
                                        : manager)
                .toArray(TrustManager[]::new);
    }

    private void note(X509Certificate... chain) {
        end =
                Arrays.stream(chain)
                        .map(certificate -> certificate.getNotAfter().toInstant())
                        .min(Comparator.naturalOrder())
                        .orElse(null);
    }

    private final class Noting extends X509ExtendedTrustManager {

        private final X509ExtendedTrustManager trust;

        Noting(X509ExtendedTrustManager trust) {
            this.trust = trust;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            trust.checkServerTrusted(chain, type, engine);
            note(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            trust.checkServerTrusted(chain, type, socket);
            note(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            trust.checkServerTrusted(chain, type);
            note(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            trust.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            trust.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            trust.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trust.getAcceptedIssuers();
        }
    }
}
