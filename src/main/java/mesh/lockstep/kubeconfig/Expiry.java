package mesh.lockstep.kubeconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// When credentials end, as far as they say so themselves: a token of a service account by its
/// claim `exp` (RFC 7519, section 4.1.4), a certificate by its `notAfter`.
public final class Expiry {

    /// The year 9999, the last that a certificate can name.
    private static final long LAST_SECOND = 253_402_300_799L;

    private Expiry() {}

    /// The moment from which they are of no use; empty if they do not say.
    public static Optional<Instant> of(Credentials credentials) {
        return Stream.of(ofIdentity(credentials.identity()), ofAuthority(credentials.authority()))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    private static Optional<Instant> ofIdentity(Credentials.Identity identity) {
        return switch (identity) {
            case Credentials.Token(var value) -> ofToken(value);
            case Credentials.ClientCertificate(var certificate, _) ->
                    certificates(certificate).stream().findFirst().map(Expiry::ofCertificate);
        };
    }

    /// With several authorities, as there are while one takes over from another, the last one
    /// counts.
    private static Optional<Instant> ofAuthority(Pem authority) {
        return certificates(authority).stream()
                .map(Expiry::ofCertificate)
                .max(Comparator.naturalOrder());
    }

    private static Instant ofCertificate(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant();
    }

    private static List<X509Certificate> certificates(Pem pem) {
        try {
            return pem.certificates();
        } catch (CertificateException e) {
            return List.of();
        }
    }

    private static Optional<Instant> ofToken(String token) {
        return Claims.of(token).flatMap(Expiry::of);
    }

    /// The moment that a token's claims name; empty if they name none.
    public static Optional<Instant> of(JsonNode claims) {
        return Optional.of(claims.path("exp"))
                .filter(JsonNode::isNumber)
                .map(JsonNode::asLong)
                .filter(second -> second > 0 && second <= LAST_SECOND)
                .map(Instant::ofEpochSecond);
    }
}
