package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.kubeconfig.Pem;

/// Whether the webhook's certificate is one that the API server takes.
final class Certificates {

    /// The name for which the API server expects it to be valid.
    private static final String HOST = "lockstep.lockstep.svc";

    private static final Duration SOON = Duration.ofDays(7);
    private static final int DNS_NAME = 2;

    private final String apply;
    private final String certify;
    private final Answer secret;
    private final Answer configuration;

    private Certificates(String context, Answer secret, Answer configuration) {
        apply = "kubectl --context %s apply -k k8s".formatted(context);
        certify = "k8s/certify.sh " + context;
        this.secret = secret;
        this.configuration = configuration;
    }

    static Certificates of(Cluster cluster) throws InterruptedException {
        return new Certificates(
                Quoted.of(cluster.context()),
                cluster.api().get(Introductions.SECRETS + "lockstep-tls"),
                cluster.api()
                        .get(
                                "apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/lockstep"));
    }

    Outcome certificate() {
        if (Outcome.isAbsent(secret)) {
            return new Outcome.Wrong(
                    "there is no Secret lockstep-tls",
                    certify + ", or look at cert-manager's Certificate");
        }
        if (!(secret instanceof Given(var found, _))) {
            return Outcome.unread(secret, "get", "secrets");
        }
        try {
            return ofChain(chain(found).getFirst());
        } catch (CertificateException e) {
            return new Outcome.Wrong(
                    "Secret lockstep-tls has no certificate in tls.crt",
                    certify + ", or look at cert-manager's Certificate");
        }
    }

    private Outcome ofChain(X509Certificate leaf) throws CertificateParsingException {
        if (!isForHost(leaf)) {
            return new Outcome.Wrong(
                    "it is not valid for " + HOST, "make one that is: certs/README.md");
        }
        var end = leaf.getNotAfter().toInstant();
        return end.isAfter(Instant.now().plus(SOON))
                ? new Outcome.Good()
                : new Outcome.Wrong(
                        "it expires on " + End.text(end, Instant.now()),
                        certify + ", or as it was made: certs/README.md");
    }

    private static boolean isForHost(X509Certificate leaf) throws CertificateParsingException {
        var names = leaf.getSubjectAlternativeNames();
        return names != null
                && names.stream()
                        .anyMatch(name -> name.get(0).equals(DNS_NAME) && HOST.equals(name.get(1)));
    }

    private static List<X509Certificate> chain(JsonNode found) throws CertificateException {
        return new Pem(found.at("/data/tls.crt").asText()).certificates();
    }

    Outcome bundle() {
        if (Outcome.isAbsent(configuration)) {
            return new Outcome.Wrong("there is no webhook configuration", apply);
        }
        if (!(configuration instanceof Given(var found, _))) {
            return Outcome.unread(configuration, "get", "validatingwebhookconfigurations");
        }
        for (var webhook : found.path("webhooks")) {
            var outcome = ofBundle(new Pem(webhook.at("/clientConfig/caBundle").asText()));
            if (outcome instanceof Outcome.Wrong) {
                return outcome;
            }
        }
        return new Outcome.Good();
    }

    private Outcome ofBundle(Pem bundle) {
        try {
            var authorities = bundle.certificates();
            return secret instanceof Given(var found, _) && !isTrusted(chain(found), authorities)
                    ? new Outcome.Wrong(
                            "caBundle is not the CA of the certificate in Secret lockstep-tls",
                            certify)
                    : new Outcome.Good();
        } catch (CertificateException e) {
            return new Outcome.Wrong(
                    "an entry of the webhook configuration has no caBundle",
                    certify + ", or look at cert-manager's cainjector");
        }
    }

    private static boolean isTrusted(
            List<X509Certificate> chain, Collection<X509Certificate> authorities) {
        try {
            var anchors = new HashSet<TrustAnchor>();
            authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            var path =
                    CertificateFactory.getInstance("X.509")
                            .generateCertPath(
                                    chain.stream()
                                            .filter(
                                                    certificate ->
                                                            !authorities.contains(certificate))
                                            .toList());
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return true;
        } catch (CertPathValidatorException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
