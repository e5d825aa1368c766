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
        statuses.forEach(it -> response.withData(it.peer().value(), words(it)));
        return response.build();
    }

    private static String words(PeerStatus status) {
        var words = new StringBuilder(status.standing().words());
        status.expires()
                .ifPresent(
                        it ->
                                words.append("; credential expires ")
                                        .append(it.truncatedTo(SECONDS)));
        status.certificateExpires()
                .ifPresent(
                        it ->
                                words.append("; its certificate expires ")
                                        .append(it.truncatedTo(SECONDS)));
        status.notRenewed().ifPresent(it -> words.append("; new credential: ").append(it));
        status.misnamed().ifPresent(it -> words.append("; ").append(it));
        return Clean.line(words.toString(), MAX_WORDS);
    }
}
