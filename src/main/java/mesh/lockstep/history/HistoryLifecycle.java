package mesh.lockstep.history;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.peers.OwnCluster;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.History;
import mesh.lockstep.rollout.Holdings;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.vigil.Duty;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Kept;
import mesh.lockstep.vigil.Vigil;
import org.jspecify.annotations.Nullable;

/// Remembers what is seen, from start to stop, and what was seen before.
@Singleton
class HistoryLifecycle {

    private static final Duration EVERY = Duration.ofSeconds(1);

    /// Among those that are told when the process ends.
    private static final int FIRST = 1;

    /// Every this many turns, we look at what another replica has saved.
    private static final int TURNS_TO_LISTEN = 5;

    private static final Duration STOP = Duration.ofSeconds(5);

    /// For an API server that does not let us read what was kept, nobody waits longer.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// A chapter is written at once, and then not sooner than this: many policies of a rollout are
    /// in it. This much may be lost if a process is killed.
    private static final Duration BETWEEN_WRITES = Duration.ofSeconds(5);

    private final Holdings holdings;
    private final OwnCluster own;
    private final OwnApi api;
    private final Vigil vigil;
    private final String namespace;
    private final InstantSource clock = InstantSource.system();
    private final Duration deletedFor;
    private final Chronicle chronicle;
    private final long begun = System.nanoTime();
    private final Map<Integer, Long> keptAt = new HashMap<>();
    private int turns;
    private @Nullable Kept thread;

    /// Outlives what happens to the thread.
    private volatile @Nullable HistoryConfigMaps configMaps;

    HistoryLifecycle(
            Holdings holdings,
            OwnCluster own,
            OwnApi api,
            Vigil vigil,
            HistoryConfig config,
            Installation installation) {
        this.holdings = holdings;
        this.own = own;
        this.api = api;
        this.vigil = vigil;
        namespace = installation.namespace();
        deletedFor = config.deletedFor();
        chronicle = new Chronicle(clock, deletedFor);
    }

    @Produces
    @Singleton
    Histories histories() {
        return chronicle;
    }

    void start(@Observes StartupEvent event) {
        holdings.follow(chronicle);
        thread = vigil.keep(Duty.HISTORY, "history", this::run);
    }

    /// Before the members are let go of, and with them the way to our own API server.
    void stop(@Observes @Priority(FIRST) ShutdownEvent event) throws InterruptedException {
        var running = thread;
        if (running != null) {
            running.close(STOP);
        }
        var known = configMaps;
        if (known != null && chronicle.isOpen()) {
            keptAt.clear();
            keep(known);
        }
    }

    /// Whether what was seen before this process is known, or waited for long enough.
    boolean isReady() {
        return chronicle.isOpen() || waited().compareTo(PATIENCE) > 0;
    }

    private Duration waited() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private void run(Heartbeat heartbeat) throws InterruptedException {
        while (holdings.believed().isEmpty()) {
            heartbeat.beat();
            Thread.sleep(EVERY);
        }
        var known =
                configMaps == null ? new HistoryConfigMaps(api, namespace, reading()) : configMaps;
        configMaps = known;
        while (true) {
            turn(known);
            heartbeat.beat();
            Thread.sleep(EVERY);
        }
    }

    private Fingerprint reading() {
        return own.reader().in(holdings.here().orElseThrow()).fingerprint();
    }

    private void turn(HistoryConfigMaps configMaps) throws InterruptedException {
        if (!chronicle.isOpen() && isBelievedOfHere()) {
            begin(configMaps);
        }
        if (chronicle.isOpen()) {
            settle();
            chronicle.tidy();
            keep(configMaps);
            listen(configMaps);
        }
    }

    /// From when this cluster is followed: what another replica sees later is also seen here.
    private void begin(HistoryConfigMaps configMaps) throws InterruptedException {
        if (load(configMaps) || waited().compareTo(PATIENCE) > 0) {
            chronicle.open(holdings.keys(), holdings::recallOwn);
        }
    }

    private boolean load(HistoryConfigMaps configMaps) throws InterruptedException {
        var all = true;
        for (int chapter = 0; chapter < Chapter.NUMBER; chapter++) {
            var kept = configMaps.read(chapter);
            kept.map(HistoryConfigMaps.Stored::histories).ifPresent(chronicle::learn);
            all &= kept.isPresent();
        }
        return all;
    }

    private boolean isBelievedOfHere() {
        return holdings.here().map(holdings.believed()::get).orElse(false);
    }

    /// How all came to what they agree on does not matter any more. While one cannot be asked, it
    /// may.
    private void settle() {
        if (holdings.believed().values().stream().allMatch(believed -> believed)) {
            for (var key : chronicle.moving()) {
                var seen = chronicle.recall(key);
                if (isAgreedOn(key, seen)) {
                    chronicle.settle(key, seen);
                }
            }
        }
    }

    /// Absence is not a version to agree on, as long as what was deleted may come back.
    private boolean isAgreedOn(PolicyKey key, History history) {
        var views =
                Stream.concat(Stream.of(holdings.recallOwn(key)), holdings.recall(key).stream())
                        .toList();
        var isQuiet = history.latest() < clock.millis() - deletedFor.toMillis();
        return views.stream().noneMatch(PeerView.Unknown.class::isInstance)
                && (isQuiet || views.stream().noneMatch(PeerView.Lacks.class::isInstance))
                && views.stream()
                                .filter(Holds.class::isInstance)
                                .map(view -> ((Holds) view).version())
                                .distinct()
                                .count()
                        <= 1;
    }

    /// What another replica has seen, chapter after chapter.
    private void listen(HistoryConfigMaps configMaps) throws InterruptedException {
        turns++;
        if (turns % TURNS_TO_LISTEN == 0) {
            configMaps
                    .read(turns / TURNS_TO_LISTEN % Chapter.NUMBER)
                    .map(HistoryConfigMaps.Stored::histories)
                    .ifPresent(chronicle::learn);
        }
    }

    /// Where the API server does not answer, no time is lost with the other chapters: they are
    /// tried next time.
    private void keep(HistoryConfigMaps configMaps) throws InterruptedException {
        var answers = true;
        for (int chapter = 0; chapter < Chapter.NUMBER && answers; chapter++) {
            if (isTime(chapter) && chronicle.takeChanged(chapter)) {
                answers = keep(configMaps, chapter);
            }
        }
    }

    private boolean isTime(int chapter) {
        var last = keptAt.get(chapter);
        return last == null || System.nanoTime() - last >= BETWEEN_WRITES.toNanos();
    }

    /// Whether the API server answers.
    private boolean keep(HistoryConfigMaps configMaps, int chapter) throws InterruptedException {
        var isKept = false;
        try {
            var before = configMaps.read(chapter);
            if (before.isEmpty()) {
                return false;
            }
            keptAt.put(chapter, System.nanoTime());
            chronicle.learn(before.get().histories());
            var now = chronicle.chapter(chapter);
            isKept =
                    isSaid(now, before.get().histories())
                            || configMaps.write(chapter, before.get(), now);
            return true;
        } finally {
            if (!isKept) {
                chronicle.putBack(chapter);
            }
        }
    }

    private static boolean isSaid(Map<Fingerprint, History> now, Map<Fingerprint, History> before) {
        if (!now.keySet().equals(before.keySet())) {
            return false;
        }
        for (var policy : now.keySet()) {
            var written = before.getOrDefault(policy, History.NONE);
            if (!now.getOrDefault(policy, History.NONE).isLike(written)) {
                return false;
            }
        }
        return true;
    }
}
