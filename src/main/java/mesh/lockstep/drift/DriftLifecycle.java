package mesh.lockstep.drift;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Holdings;
import mesh.lockstep.rollout.Scope;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Keeps watch from start to stop: judges what happens to policies, at once, and now and then all.
@ApplicationScoped
class DriftLifecycle {

    private static final Logger LOG = Logger.getLogger(DriftLifecycle.class);

    private static final Duration TICK = Duration.ofSeconds(1);

    /// A change of many policies, or of one in many members, is judged in one go.
    private static final Duration GATHERING = Duration.ofMillis(100);

    private static final Duration STOP = Duration.ofSeconds(5);

    private final Holdings holdings;
    private final Scope scope;
    private final DriftConfig config;
    private final MeterRegistry registry;
    private final Inbox inbox = new Inbox();
    private volatile Optional<Scan> scan = Optional.empty();
    private volatile Instant lastFullPass = Instant.EPOCH;
    private Map<ClusterName, Boolean> believed = Map.of();
    private @Nullable Thread thread;

    DriftLifecycle(Holdings holdings, Scope scope, DriftConfig config, MeterRegistry registry) {
        this.holdings = holdings;
        this.scope = scope;
        this.config = config;
        this.registry = registry;
    }

    void start(@Observes StartupEvent event) {
        holdings.listen(inbox::put);
        thread = Thread.ofVirtual().name("drift").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        var running = thread;
        if (running != null) {
            running.interrupt();
            running.join(STOP);
        }
    }

    /// How all policies stand that are anywhere; none before it is known who we are.
    Collection<Condition> conditions() {
        return scan.map(Scan::conditions).orElse(List.of());
    }

    Optional<Condition> find(PolicyKey key) {
        return scan.flatMap(it -> it.find(key));
    }

    /// The epoch before the first.
    Instant lastFullPass() {
        return lastFullPass;
    }

    private void run() {
        try {
            var rules = new DriftRules(awaitName(), config.rolloutWindow());
            var metrics =
                    new DriftMetrics(registry, () -> conditions().stream(), this::lastFullPass);
            var scanning = new Scan(holdings, scope, rules, metrics);
            scan = Optional.of(scanning);
            while (true) {
                var changed = inbox.take(TICK);
                if (!changed.isEmpty()) {
                    Thread.sleep(GATHERING);
                }
                look(scanning, changed);
                metrics.show();
            }
        } catch (InterruptedException e) {
            // Asked to stop.
        }
    }

    private ClusterName awaitName() throws InterruptedException {
        while (holdings.here().isEmpty()) {
            Thread.sleep(GATHERING);
        }
        return holdings.here().orElseThrow();
    }

    private void look(Scan scanning, Set<PolicyKey> changed) {
        try {
            var now = Instant.now();
            var members = holdings.believed();
            if (!members.equals(believed) || isTimeForAll(now)) {
                scanning.judgeAll(now);
                believed = members;
                lastFullPass = now;
            } else {
                changed.forEach(key -> scanning.judge(key, now));
                scanning.judgeDue(now);
            }
        } catch (RuntimeException e) {
            LOG.error("Judging the policies that there are failed; trying on", e);
        }
    }

    private boolean isTimeForAll(Instant now) {
        return Duration.between(lastFullPass, now).compareTo(config.fullPassEvery()) >= 0;
    }
}
