package mesh.lockstep.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import mesh.lockstep.peers.OwnApi;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Work;

/// Makes Kubernetes say how policies stand: by reports and events. Behind the scan, at its own
/// pace.
final class Publishing implements Scan.Listener, Work {

    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final int NOT_FOUND = 404;

    private final OwnApi api;
    private final Function<PolicyKey, Optional<Condition>> conditions;
    private final Supplier<SettingRows> settings;
    private final Problems problems = new Problems();
    private final Reports reports;
    private final Announcements announcements;

    /// When each is to be looked at. What is over in a moment is not worth a write.
    private final Map<PolicyKey, Instant> due = new ConcurrentHashMap<>();

    private volatile boolean reviewing;
    private Optional<SettingRows> published = Optional.empty();
    private Instant settingsDue = Instant.EPOCH;

    /// Publishes by this API server.
    ///
    /// @param instance which replica we are
    Publishing(
            OwnApi api,
            String instance,
            Function<PolicyKey, Optional<Condition>> conditions,
            Supplier<SettingRows> settings) {
        this.api = api;
        this.conditions = conditions;
        this.settings = settings;
        reports = new Reports(api, problems);
        announcements = new Announcements(api, problems, instance);
    }

    /// What was published before a restart; waits until that is known.
    List<Condition> remembered(Heartbeat heartbeat) throws InterruptedException {
        while (true) {
            heartbeat.beat();
            var loaded = reports.load();
            if (loaded.isPresent()) {
                loaded.get().forEach(announcements::remember);
                return loaded.get();
            }
            Thread.sleep(TICK);
        }
    }

    @Override
    public void judged(Optional<Condition> before, Optional<Condition> after) {
        before.or(() -> after)
                .map(Condition::key)
                .ifPresent(it -> due.putIfAbsent(it, Instant.now().plus(DriftRules.SETTLING)));
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

    private void work(Heartbeat heartbeat) throws InterruptedException {
        if (reviewing) {
            reviewing = false;
            reports.load();
            reports.present().forEach(it -> due.putIfAbsent(it, Instant.now()));
            published = Optional.empty();
        }
        publishSettings();
        for (var key : List.copyOf(due.keySet())) {
            var at = due.get(key);
            if (at != null && !at.isAfter(Instant.now())) {
                due.remove(key);
                publishOrLater(key);
                heartbeat.beat();
            }
        }
    }

    /// Whatever comes of it: one that cannot be published costs itself, not those behind it.
    private void publishOrLater(PolicyKey key) throws InterruptedException {
        var published = false;
        try {
            published = publish(key);
        } finally {
            if (!published) {
                due.put(key, Instant.now().plus(AGAIN));
            }
        }
    }

    /// They are read once a minute.
    private void publishSettings() throws InterruptedException {
        var now = Instant.now();
        if (settingsDue.isAfter(now)) {
            return;
        }
        settingsDue = now.plus(AGAIN);
        var known = Optional.of(settings.get());
        if (!known.equals(published) && reports.publish(known.get())) {
            published = known;
        }
    }

    private boolean publish(PolicyKey key) throws InterruptedException {
        var condition = conditions.apply(key);
        var wanted = condition.filter(Reports::isWanted);
        if (condition.isEmpty() || (wanted.isEmpty() && !announcements.isDue(condition.get()))) {
            return reports.withdraw(key);
        }
        var policy = api.get("/" + key.path());
        if (!policy.succeeded() && policy.code() != NOT_FOUND) {
            return problems.report("Policies", policy);
        }
        var uid =
                Optional.of(policy.body().path("metadata").path("uid").asText())
                        .filter(it -> policy.succeeded() && !it.isEmpty());
        var announced = announcements.publish(condition.get(), uid);
        var reported =
                wanted.isPresent() ? reports.publish(wanted.get(), uid) : reports.withdraw(key);
        return announced && reported;
    }
}
