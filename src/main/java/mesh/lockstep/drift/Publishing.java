package mesh.lockstep.drift;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Conditions;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.DriftRules;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Work;
import org.jboss.logging.Logger;

/// Publishes the state of policies in Kubernetes: as reports and events. Behind the scan, at its
/// own pace.
final class Publishing implements Conditions.Listener, Work {

    private static final Logger LOG = Logger.getLogger(Publishing.class);

    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final Duration WITHOUT_MEMORY = Duration.ofMinutes(1);
    private static final int NOT_FOUND = 404;

    private final OwnApi api;
    private final Conditions conditions;
    private final Supplier<Departures> departures;
    private final Predicate<PolicyKey> going;
    private final InstantSource pace;
    private final Problems problems = new Problems();
    private final ReportWriter reports;
    private final EventWriter events;
    private final Shares shares = new Shares();

    /// What is over in a moment is not worth a write.
    private final Agenda agenda = new Agenda();

    /// Policies whose report is up to date, but that have no event about it yet because the
    /// allowance ran out.
    private final Set<PolicyKey> unannounced = ConcurrentHashMap.newKeySet();

    private volatile boolean reviewing;
    private Instant reviewDue = Instant.EPOCH;
    private Optional<Summary> published = Optional.empty();
    private Instant summaryDue = Instant.EPOCH;

    /// What one report tells of all policies.
    private record Summary(Departures departures, SortedMap<ClusterName, Shares.Rest> rest) {}

    /// Publishes by this API server.
    ///
    /// @param instance which replica we are
    /// @param going whether a policy's namespace is being deleted
    /// @param pace by which it is said when to look again; it only goes on
    /// @param clock by which is told when something was
    /// @param discretion what is told of what policies say
    Publishing(
            OwnApi api,
            String instance,
            Conditions conditions,
            Supplier<Departures> departures,
            Predicate<PolicyKey> going,
            InstantSource pace,
            InstantSource clock,
            Discretion discretion) {
        this.api = api;
        this.conditions = conditions;
        this.departures = departures;
        this.going = going;
        this.pace = pace;
        reports = new ReportWriter(api, problems, clock, discretion);
        events = new EventWriter(api, problems, instance, clock);
    }

    /// What was published before a restart. Waits until that is known, but not for ever: who can
    /// keep us from reading it must not keep us from judging.
    List<Condition> remembered(Heartbeat heartbeat) throws InterruptedException {
        var end = pace.instant().plus(WITHOUT_MEMORY);
        while (pace.instant().isBefore(end)) {
            heartbeat.beat();
            var loaded = reports.load(heartbeat);
            if (loaded.isPresent()) {
                loaded.get().forEach(events::remember);
                loaded.get().stream()
                        .filter(ReportWriter::isWanted)
                        .forEach(condition -> shares.grant(condition, true));
                return loaded.get();
            }
            Thread.sleep(TICK);
        }
        LOG.warn(
                "Reports about drift cannot be read: counting how long policies have differed starts anew");
        return List.of();
    }

    @Override
    public void judged(Optional<Condition> before, Optional<Condition> after) {
        before.or(() -> after).map(Condition::key).ifPresent(this::plan);
    }

    private void plan(PolicyKey key) {
        unannounced.remove(key);
        agenda.put(key, pace.instant().plus(DriftRules.SETTLING));
    }

    /// Compares all reports with what there is to report, soon.
    void review() {
        reviewing = true;
    }

    @Override
    public void run(Heartbeat heartbeat) throws InterruptedException {
        while (true) {
            heartbeat.beat();
            Thread.sleep(TICK);
            work(heartbeat);
        }
    }

    /// Does what there is to do, and may be done, now.
    void work(Heartbeat heartbeat) throws InterruptedException {
        if (reviewing && !reviewDue.isAfter(pace.instant())) {
            review(heartbeat);
        }
        summarize();
        for (var key : agenda.due(pace.instant(), this::group)) {
            if (!reports.mayWrite()) {
                break;
            }
            agenda.remove(key);
            publishOrLater(key);
            heartbeat.beat();
        }
    }

    /// Both what there is and what there should be: a kind of report may have been installed by
    /// now, and a report been deleted. An API server that does not say what there is, as a new
    /// kind's does at first, is asked again.
    private void review(Heartbeat heartbeat) throws InterruptedException {
        reviewDue = pace.instant().plus(AGAIN);
        reviewing = false;
        if (reports.load(heartbeat).isEmpty()) {
            reviewing = true;
            return;
        }
        var now = pace.instant();
        reports.present().forEach(key -> agenda.put(key, now));
        if (reports.haveAKind()) {
            conditions.all().stream()
                    .filter(
                            condition ->
                                    ReportWriter.isWanted(condition)
                                            && !reports.isPresent(condition.key()))
                    .forEach(condition -> agenda.put(condition.key(), now));
        }
        published = Optional.empty();
    }

    /// Whatever happens: one that cannot be published affects only itself, not those behind it.
    private void publishOrLater(PolicyKey key) throws InterruptedException {
        var published = false;
        try {
            published = publish(key);
        } finally {
            if (!published) {
                agenda.put(key, pace.instant().plus(AGAIN));
            }
        }
    }

    /// What differs from one peer does not wait for what differs from another.
    private String group(PolicyKey key) {
        return shares.peer(key, conditions.find(key)).map(ClusterName::value).orElse("");
    }

    /// Settings are read once a minute.
    private void summarize() throws InterruptedException {
        var now = pace.instant();
        if (summaryDue.isAfter(now)) {
            return;
        }
        summaryDue = now.plus(AGAIN);
        shares.next().forEach(key -> agenda.put(key, now));
        var known = new Summary(departures.get(), shares.rest());
        if (!Optional.of(known).equals(published)
                && reports.publish(known.departures(), known.rest())) {
            published = Optional.of(known);
        }
    }

    private boolean publish(PolicyKey key) throws InterruptedException {
        var condition = conditions.find(key);
        var wanted = condition.filter(ReportWriter::isWanted);
        if (wanted.isEmpty()) {
            shares.release(key);
        } else if (!shares.grant(wanted.get(), reports.isPresent(key))) {
            return reports.withdraw(key);
        }
        if (condition.isEmpty() || (wanted.isEmpty() && !events.isDue(condition.get()))) {
            return reports.withdraw(key);
        }
        if (unannounced.contains(key) && !events.mayWrite()) {
            return false;
        }
        if (going.test(key) && !reports.isPresent(key)) {
            // Nothing can be made there any more.
            return true;
        }
        var policy = api.getMetadata("/" + key.path());
        if (!policy.succeeded() && policy.code() != NOT_FOUND) {
            return problems.report("Policies", policy);
        }
        var uid =
                Optional.of(policy.body().path("metadata").path("uid").asText())
                        .filter(text -> policy.succeeded() && !text.isEmpty());
        var announced = events.publish(condition.get(), uid);
        var reported =
                wanted.isPresent() ? reports.publish(wanted.get(), uid) : reports.withdraw(key);
        if (reported && !announced) {
            unannounced.add(key);
        }
        return announced && reported;
    }
}
