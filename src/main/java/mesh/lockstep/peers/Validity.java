package mesh.lockstep.peers;

import java.time.Instant;
import java.util.Optional;
import mesh.lockstep.apiserver.ServerCertificate;

/// For how long a peer can be read as it is.
///
/// @param credentials when ours end; empty if they do not say
/// @param shown the certificate of its API server
/// @param look connects anew, so that it is shown again
record Validity(
        Optional<Instant> credentials, ServerCertificate shown, ServerCertificate.Look look) {

    /// For the cluster we run in: Kubernetes takes care of it.
    static final Validity UNKNOWN =
            new Validity(Optional.empty(), new ServerCertificate(), () -> {});

    void keepUp() throws InterruptedException {
        shown.keepUp(look);
    }
}
