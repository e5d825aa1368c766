package mesh.lockstep.peers;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.apiserver.ServerCertificate;

/// For how long a peer can be read as it is.
///
/// @param credentials when ours end; empty if they do not say
/// @param shown the certificate of its API server
/// @param look connects anew, so that it is shown again
record Validity(
        Optional<Instant> credentials, ServerCertificate shown, ServerCertificate.Look look) {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /// For the cluster we run in: Kubernetes takes care of it.
    static final Validity UNKNOWN =
            new Validity(Optional.empty(), new ServerCertificate(), () -> {});

    /// Why the peer cannot be read, with the end of our credentials where that is why.
    String explain(String doubt) {
        if (credentials.isEmpty() || Instant.now().isBefore(credentials.get())) {
            return doubt;
        }
        var why =
                "%s: they expired on %s; renew them with k8s/connect.sh"
                        .formatted(Cause.REFUSED, MINUTE.format(credentials.get()));
        return doubt.replace(Cause.REFUSED, why);
    }

    void keepUp() throws InterruptedException {
        shown.keepUp(look);
    }
}
