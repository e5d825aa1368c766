package mesh.lockstep.peers;

import jakarta.inject.Singleton;
import mesh.lockstep.peers.PeerStatus.Standing.Unusable;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready when we know who we are and have read every peer once, or waited long enough for them: a
/// dead peer keeps nobody from starting.
@Readiness
@Singleton
class PeersReadiness implements HealthCheck {

    private final OwnCluster own;
    private final PeersLifecycle lifecycle;
    private final KubernetesPeers peers;
    private final Deadline patience;

    PeersReadiness(
            OwnCluster own, PeersLifecycle lifecycle, KubernetesPeers peers, PeersConfig config) {
        this.own = own;
        this.lifecycle = lifecycle;
        this.peers = peers;
        this.patience = Deadline.in(config.readyWait());
    }

    @Override
    public HealthCheckResponse call() {
        var statuses = peers.statuses();
        var complete = statuses.stream().noneMatch(PeersReadiness::isWorthWaitingFor);
        var response =
                HealthCheckResponse.named("peers")
                        .withData(
                                "cluster",
                                own.name().map(ClusterName::value).orElse("not known yet"))
                        .status(lifecycle.looked() && (complete || patience.isPast()));
        statuses.forEach(it -> response.withData(it.peer().value(), it.standing().words()));
        return response.build();
    }

    private static boolean isWorthWaitingFor(PeerStatus status) {
        return !status.synced() && !(status.standing() instanceof Unusable);
    }
}
