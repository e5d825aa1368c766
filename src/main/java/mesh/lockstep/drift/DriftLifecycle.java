package mesh.lockstep.drift;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Conditions;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.DriftRules;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.Holdings;
import mesh.lockstep.rollout.Scan;
import mesh.lockstep.rollout.Scope;
import mesh.lockstep.rollout.Timeline;
import mesh.lockstep.vigil.Duty;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Kept;
import mesh.lockstep.vigil.Vigil;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Keeps watch from start to stop: judges what happens to policies, at once, and now and then all.
@Singleton
class DriftLifecycle {

    private static final Logger LOG = Logger.getLogger(DriftLifecycle.class);

    private static final Duration TICK = Duration.ofSeconds(1);

    /// A change of many policies, or of one in many members, is judged in one go.
    private static final Duration GATHERING = Duration.ofMillis(100);

    private static final Duration STOP = Duration.ofSeconds(5);

    /// For what was seen before this process, nobody waits longer.
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Holdings holdings;
    private final Scope scope;
    private final Histories histories;
    private final DriftConfig config;
    private final MeterRegistry registry;
    private final OwnApi api;
    private final Vigil vigil;
    private final Discretion discretion;
    private final Timeline timeline = new Timeline(InstantSource.system(), System::nanoTime);
    private final Conditions conditions = new Conditions(timeline);
    private final Inbox inbox = new Inbox();
    private final long created = System.nanoTime();
    private boolean open;
    private Map<ClusterName, Boolean> believed = Map.of();
    private @Nullable Kept thread;

    /// Outlives what happens to the thread.
    private @Nullable Watching watching;

    private record Watching(
            Scan scan, Publishing publishing, DriftMetrics metrics, Kept publisher) {}

    DriftLifecycle(
            Holdings holdings,
            Scope scope,
            Histories histories,
            DriftConfig config,
            MeterRegistry registry,
            OwnApi api,
            Vigil vigil,
            Discretion discretion) {
        this.holdings = holdings;
        this.scope = scope;
        this.histories = histories;
        this.config = config;
        this.registry = registry;
        this.api = api;
        this.vigil = vigil;
        this.discretion = discretion;
    }

    @Produces
    @Singleton
    Conditions conditions() {
        return conditions;
    }

    void start(@Observes StartupEvent event) {
        holdings.listen(inbox::put);
        thread = vigil.keep(Duty.DRIFT, "drift", this::run);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        var running = thread;
        if (running != null) {
            running.close(STOP);
        }
    }

    private void run(Heartbeat heartbeat) throws InterruptedException {
        try {
            var begun = watching == null ? begin(heartbeat) : watching;
            watching = begun;
            // What was waiting when the thread ended is not known any more: all are judged.
            believed = Map.of();
            while (true) {
                var changed = inbox.take(TICK);
                if (!changed.isEmpty()) {
                    Thread.sleep(GATHERING);
                }
                if (isTooEarly()) {
                    believed = Map.of();
                } else {
                    look(begun, changed);
                }
                begun.metrics().show();
                heartbeat.beat();
            }
        } catch (InterruptedException e) {
            // Asked to stop.
            if (watching != null) {
                watching.publisher().close();
                watching = null;
            }
            throw e;
        }
    }

    private Watching begin(Heartbeat heartbeat) throws InterruptedException {
        var here = awaitMembers(heartbeat);
        var publishing =
                new Publishing(
                        api,
                        instance(),
                        conditions,
                        () -> Departures.of(here, holdings, scope::has),
                        scope::isGoing,
                        timeline,
                        InstantSource.system(),
                        discretion);
        var metrics = new DriftMetrics(registry, conditions);
        conditions.begin(remembered(publishing, heartbeat), List.of(metrics, publishing));
        var rules = new DriftRules(here, config.rolloutWindow());
        var scan = new Scan(holdings, scope, rules, histories, conditions);
        var publisher = vigil.keep(Duty.REPORTS, "drift-reports", publishing);
        return new Watching(scan, publishing, metrics, publisher);
    }

    /// Nothing that others write is worth not judging for.
    private static List<Condition> remembered(Publishing publishing, Heartbeat heartbeat)
            throws InterruptedException {
        try {
            return publishing.remembered(heartbeat);
        } catch (RuntimeException e) {
            LOG.error("Earlier reports cannot be read; starting without them", e);
            return List.of();
        }
    }

    private static String instance() {
        return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("lockstep");
    }

    /// A peer that is not known yet would look like one that has left, and its history be
    /// forgotten.
    private ClusterName awaitMembers(Heartbeat heartbeat) throws InterruptedException {
        while (holdings.believed().isEmpty()) {
            heartbeat.beat();
            Thread.sleep(GATHERING);
        }
        return holdings.here().orElseThrow();
    }

    /// Until it is known what came from what, peers that are behind would look like forks.
    private boolean isTooEarly() {
        return !histories.isOpen()
                && Duration.ofNanos(System.nanoTime() - created).compareTo(PATIENCE) < 0;
    }

    private void look(Watching watching, Set<PolicyKey> changed) {
        var now = timeline.instant();
        var members = holdings.believed();
        var isTime = isTimeForAll(now);
        var opened = histories.isOpen();
        if (isTime || opened != open || !members.equals(believed)) {
            watching.scan().judgeAll(now);
            open = opened;
            believed = members;
        } else {
            changed.forEach(key -> watching.scan().judge(key, now));
            watching.scan().judgeDue(now);
        }
        if (isTime) {
            watching.publishing().review();
        }
    }

    private boolean isTimeForAll(Instant now) {
        return conditions.sinceFullPass(now).compareTo(config.fullPassEvery()) >= 0;
    }
}
