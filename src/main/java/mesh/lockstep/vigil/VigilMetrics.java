package mesh.lockstep.vigil;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/// When each long-lived thread last turned, and how often it had to be started again.
@Singleton
class VigilMetrics {

    private final Vigil vigil;
    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();

    VigilMetrics(Vigil vigil, MeterRegistry registry) {
        this.vigil = vigil;
        this.registry = registry;
    }

    void start(@Observes StartupEvent event) {
        for (var duty : Duty.values()) {
            meters.add(
                    Gauge.builder("lockstep.thread.last.turn.timestamp", () -> lastTurn(duty))
                            .description(
                                    "When the thread last completed a turn; of several, the one longest ago")
                            .baseUnit("seconds")
                            .tag("thread", duty.word())
                            .register(registry));
            meters.add(
                    FunctionCounter.builder(
                                    "lockstep.thread.restarts",
                                    vigil,
                                    vigil -> vigil.restarts(duty))
                            .description(
                                    "How often the thread ended unexpectedly and was restarted")
                            .tag("thread", duty.word())
                            .register(registry));
        }
    }

    /// The registry outlives the application, and keeps the first of a name.
    void stop(@Observes ShutdownEvent event) {
        meters.forEach(registry::remove);
    }

    /// NaN where there is no such thread; no alert is about that.
    private double lastTurn(Duty duty) {
        return vigil.silence(duty)
                .map(duration -> (System.currentTimeMillis() - duration.toMillis()) / 1000.0)
                .orElse(Double.NaN);
    }
}
