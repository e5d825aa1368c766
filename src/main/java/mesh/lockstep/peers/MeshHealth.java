package mesh.lockstep.peers;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.smallrye.health.api.HealthGroup;
import jakarta.inject.Singleton;
import mesh.lockstep.policy.Clean;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/// The state of the mesh, for people and alerts: up if every peer can be compared. Neither
/// readiness nor liveness depends on it.
@HealthGroup("mesh")
@Singleton
class MeshHealth implements HealthCheck {

    private static final int MAX_WORDS = 500;

    private final KubernetesPeers peers;

    MeshHealth(KubernetesPeers peers) {
        this.peers = peers;
    }

    @Override
    public HealthCheckResponse call() {
        var statuses = peers.statuses();
        var response =
                HealthCheckResponse.named("mesh")
                        .status(peers.areKnown() && statuses.stream().allMatch(PeerStatus::up));
        statuses.forEach(status -> response.withData(status.peer().value(), words(status)));
        return response.build();
    }

    private static String words(PeerStatus status) {
        var words = new StringBuilder(status.standing().words());
        status.expires()
                .ifPresent(
                        expiry ->
                                words.append("; credential expires ")
                                        .append(expiry.truncatedTo(SECONDS)));
        status.certificateExpires()
                .ifPresent(
                        expiry ->
                                words.append("; its certificate expires ")
                                        .append(expiry.truncatedTo(SECONDS)));
        status.notRenewed().ifPresent(text -> words.append("; new credential: ").append(text));
        status.misnamed().ifPresent(text -> words.append("; ").append(text));
        return Clean.line(words.toString(), MAX_WORDS);
    }
}
