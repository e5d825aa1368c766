package mesh.lockstep.vigil;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// Alive unless a thread has been stuck for minutes that only a restart of the process can help.
/// One that fails again and again is not a reason: it would fail in the next process as well, and
/// the judging of changes with it.
@Liveness
@Singleton
class VigilHealth implements HealthCheck {

    private final Vigil vigil;

    VigilHealth(Vigil vigil) {
        this.vigil = vigil;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("threads").up();
        for (var duty : Duty.values()) {
            vigil.silence(duty)
                    .ifPresent(
                            duration ->
                                    response.withData(
                                            duty.word(),
                                            "last turn " + duration.toSeconds() + " s ago"));
            if (duty.isVital() && !vigil.stuck(duty).isEmpty()) {
                response.down();
            }
        }
        return response.build();
    }
}
