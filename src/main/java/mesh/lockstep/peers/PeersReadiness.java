package mesh.lockstep.peers;

import jakarta.inject.Singleton;
import mesh.lockstep.policy.ClusterName;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready when we know who we are and have read every peer once, or waited long enough for them: a
/// dead peer keeps nobody from starting.
@Readiness
@Singleton
class PeersReadiness implements HealthCheck {

    private final OwnCluster own;
    private final KubernetesPeers peers;
    private final Patience patience;

    PeersReadiness(OwnCluster own, KubernetesPeers peers, PeersConfig config) {
        this.own = own;
        this.peers = peers;
        this.patience = Patience.of(config.readyWait());
    }

    @Override
    public HealthCheckResponse call() {
        var statuses = peers.statuses();
        var complete = statuses.stream().allMatch(patience::isOverWith);
        var response =
                HealthCheckResponse.named("peers")
                        .withData(
                                "cluster",
                                own.name().map(ClusterName::value).orElse("not known yet"))
                        .status(peers.areKnown() && complete);
        statuses.forEach(
                status -> response.withData(status.peer().value(), status.standing().words()));
        return response.build();
    }
}
