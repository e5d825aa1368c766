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
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.peers.OwnApi;
import mesh.lockstep.peers.OwnCluster;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.History;
import mesh.lockstep.rollout.Holdings;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.Trace;
import mesh.lockstep.vigil.Duty;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Kept;
import mesh.lockstep.vigil.Vigil;
import org.jspecify.annotations.Nullable;

/// Remembers what is seen, from start to stop, and what was seen before.
@Singleton
class HistoryLifecycle {

    /// What was seen in the last moments before a process ends without a word is not kept.
    private static final Duration EVERY = Duration.ofSeconds(1);

    private static final int FIRST = 1;

    private static final Duration STOP = Duration.ofSeconds(5);

    /// For an API server that does not let us read what was kept, nobody waits longer.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Holdings holdings;
    private final OwnCluster own;
    private final OwnApi api;
    private final Vigil vigil;
    private final String namespace;
    private final Chronicle chronicle;
    private final long begun = System.nanoTime();
    private @Nullable Kept thread;

    /// Outlives what happens to the thread.
    private volatile @Nullable Shelf shelf;

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
        chronicle = new Chronicle(InstantSource.system(), config.deletedFor());
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
        var known = shelf;
        if (known != null && chronicle.isOpen()) {
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
        var known = shelf == null ? new Shelf(api, namespace, reading()) : shelf;
        shelf = known;
        while (true) {
            turn(known);
            heartbeat.beat();
            Thread.sleep(EVERY);
        }
    }

    private Fingerprint reading() {
        return own.reader().in(holdings.here().orElseThrow()).fingerprint();
    }

    private void turn(Shelf shelf) throws InterruptedException {
        if (!chronicle.isOpen() && isBelievedOfHere()) {
            begin(shelf);
        }
        if (chronicle.isOpen()) {
            settle();
            chronicle.tidy();
            keep(shelf);
        }
    }

    /// From when this cluster is followed: what another replica sees later is seen here, too.
    private void begin(Shelf shelf) throws InterruptedException {
        if (load(shelf) || waited().compareTo(PATIENCE) > 0) {
            chronicle.open(held());
        }
    }

    private boolean load(Shelf shelf) throws InterruptedException {
        var all = true;
        for (int chapter = 0; chapter < Chapter.NUMBER; chapter++) {
            var kept = shelf.read(chapter);
            kept.map(Shelf.Kept::histories).ifPresent(chronicle::learn);
            all &= kept.isPresent();
        }
        return all;
    }

    private Map<PolicyKey, Trace> held() {
        var held = new HashMap<PolicyKey, Trace>();
        for (var key : holdings.keys()) {
            switch (holdings.recallOwn(key)) {
                case Holds(_, var version, var revision) ->
                        held.put(key, Trace.of(version, revision));
                case PeerView.Lacks _, PeerView.Apart _, PeerView.Unreachable _ -> {}
            }
        }
        return held;
    }

    private boolean isBelievedOfHere() {
        return holdings.here().map(holdings.believed()::get).orElse(false);
    }

    /// How all came to what they agree on does not matter any more. While one cannot be asked, it
    /// may.
    private void settle() {
        if (holdings.believed().values().stream().allMatch(it -> it)) {
            for (var key : chronicle.moving()) {
                var seen = chronicle.recall(key);
                if (isAgreedOn(key)) {
                    chronicle.settle(key, seen);
                }
            }
        }
    }

    private boolean isAgreedOn(PolicyKey key) {
        var views =
                Stream.concat(Stream.of(holdings.recallOwn(key)), holdings.recall(key).stream())
                        .toList();
        return views.stream().noneMatch(PeerView.Unreachable.class::isInstance)
                && views.stream()
                                .filter(Holds.class::isInstance)
                                .map(it -> ((Holds) it).version())
                                .distinct()
                                .count()
                        <= 1;
    }

    /// Where the API server does not answer, no time is lost with the other chapters: they are
    /// tried next time.
    private void keep(Shelf shelf) throws InterruptedException {
        var answers = true;
        for (int chapter : chronicle.takeChanged()) {
            var before = answers ? shelf.read(chapter) : Optional.<Shelf.Kept>empty();
            answers = before.isPresent();
            if (before.isEmpty() || !keep(shelf, chapter, before.get())) {
                chronicle.putBack(chapter);
            }
        }
    }

    private boolean keep(Shelf shelf, int chapter, Shelf.Kept before) throws InterruptedException {
        chronicle.learn(before.histories());
        var now = chronicle.chapter(chapter);
        return isSaid(now, before.histories()) || shelf.write(chapter, before, now);
    }

    private static boolean isSaid(Map<Fingerprint, History> now, Map<Fingerprint, History> before) {
        return now.keySet().equals(before.keySet())
                && now.entrySet().stream()
                        .allMatch(
                                it ->
                                        it.getValue()
                                                .isLike(
                                                        before.getOrDefault(
                                                                it.getKey(), History.NONE)));
    }
}
