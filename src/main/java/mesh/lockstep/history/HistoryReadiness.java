package mesh.lockstep.history;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready when it is known what was seen of rollouts before this process, or it was waited for long
/// enough: what would have been admitted a moment ago is not to be refused now.
@Readiness
@Singleton
class HistoryReadiness implements HealthCheck {

    private final HistoryLifecycle lifecycle;

    HistoryReadiness(HistoryLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("history").status(lifecycle.isReady()).build();
    }
}
