package mesh.lockstep.history;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mesh.lockstep.history.PeerDeletions.Deletion;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.History;
import mesh.lockstep.rollout.Movements;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PeerView.Apart;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.PeerView.Lacks;
import mesh.lockstep.rollout.PeerView.Unknown;
import mesh.lockstep.rollout.Trace;

/// The histories of all policies that this cluster holds, or held a while ago. What peers do to
/// others is not remembered, since they could invent any number.
///
/// Any number of threads write and read.
final class Chronicle implements Histories, Movements {

    /// Policies of which moves are remembered before it is known which of them this cluster holds.
    private static final int MOST_BEFORE = 10_000;

    private final InstantSource clock;
    private final Duration deletedFor;
    private final Map<Fingerprint, History> histories = new ConcurrentHashMap<>();

    /// Only of policies with moves: a name is needed to ask what members hold.
    private final Map<Fingerprint, PolicyKey> moving = new ConcurrentHashMap<>();

    private final PeerDeletions deletions = new PeerDeletions();

    /// Chapters of which something is new.
    private final Set<Integer> changed = ConcurrentHashMap.newKeySet();

    /// Nobody told yet what this cluster held before this process began.
    private volatile boolean open;

    Chronicle(InstantSource clock, Duration deletedFor) {
        this.clock = clock;
        this.deletedFor = deletedFor;
    }

    @Override
    public History recall(PolicyKey key) {
        return find(Fingerprint.of(key)).forgetting(longAgo());
    }

    /// What was deleted then, or before, is forgotten.
    private long longAgo() {
        return clock.millis() - deletedFor.toMillis();
    }

    private History find(Fingerprint name) {
        return histories.getOrDefault(name, History.NONE);
    }

    /// That it is about to happen is taken for that it happened: the watch may be slower than the
    /// next request. Going back is not, since it turns the order around; that, the watch tells.
    @Override
    public void admitted(Change change) {
        var at = clock.millis();
        switch (change) {
            case Change.Created _ -> {}
            case Change.Updated(var before, var after)
                    when before.version().equals(after.version()) -> {}
            case Change.Updated(var before, var after) -> {
                var from = before.version().fingerprint();
                var to = after.version().fingerprint();
                update(
                        change.key(),
                        history ->
                                history.isBefore(to, from) ? history : history.moved(from, to, at));
            }
            case Change.Deleted(var before) -> {
                var trace = Trace.of(before.version(), before.intent().revision());
                update(change.key(), history -> history.deleting(trace, at));
            }
        }
    }

    @Override
    public void there(
            ClusterName peer,
            PolicyKey key,
            Optional<Version> from,
            Optional<Version> to,
            boolean isWatched) {
        // As are all when a peer is listed for the first time.
        if (from.isEmpty() && deletions.isEmpty()) {
            return;
        }
        var name = Fingerprint.of(key);
        if (!isFollowed(name)) {
            return;
        }
        if (to.isEmpty()) {
            from.map(version -> new Deletion(version.fingerprint(), clock.millis(), isWatched))
                    .ifPresent(deletion -> deletions.put(name, peer, deletion));
            return;
        }
        var is = to.get().fingerprint();
        var deleted = deletions.take(name, peer, longAgo());
        if (from.isPresent()) {
            moved(key, from.get().fingerprint(), is, isWatched);
        } else if (deleted.isPresent()) {
            var was = deleted.get();
            moved(key, was.version(), is, isWatched && was.isWatched());
        }
    }

    private void moved(PolicyKey key, Fingerprint from, Fingerprint to, boolean isWatched) {
        var at = clock.millis();
        update(key, history -> history.moved(from, to, at, isWatched));
    }

    private boolean isFollowed(Fingerprint name) {
        return find(name).lately().isPresent() || (!open && histories.size() < MOST_BEFORE);
    }

    @Override
    public void here(PolicyKey key, Optional<Trace> now, boolean isWatched) {
        if (open) {
            update(key, history -> history.here(now, clock.millis(), isWatched));
        }
    }

    /// What was there when this process began came from what was there when another ended. From now
    /// on all is followed.
    ///
    /// @param keys of all that this cluster may hold
    /// @param ours what it holds at the moment of asking: it may go on while all are looked at
    void open(Set<PolicyKey> keys, Function<PolicyKey, PeerView> ours) {
        open = true;
        var names = new HashSet<Fingerprint>();
        for (var key : keys) {
            update(key, history -> asIs(history, ours.apply(key)));
            names.add(Fingerprint.of(key));
        }
        histories.forEach(
                (name, history) -> {
                    if (history.held().isPresent() && !names.contains(name)) {
                        update(name, each -> each.here(Optional.empty(), clock.millis(), false));
                    }
                });
    }

    private History asIs(History history, PeerView ours) {
        return switch (ours) {
            case Holds(_, var version, var revision) ->
                    history.here(Optional.of(Trace.of(version, revision)), clock.millis(), false);
            case Lacks _ -> history.here(Optional.empty(), clock.millis(), false);
            case Apart _, Unknown _ -> history;
        };
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    private void update(PolicyKey key, UnaryOperator<History> change) {
        var name = Fingerprint.of(key);
        update(name, change);
        if (!find(name).moves().isEmpty()) {
            moving.put(name, key);
        }
    }

    private void update(Fingerprint name, UnaryOperator<History> change) {
        var earlier = find(name);
        histories.compute(
                name,
                (_, before) -> {
                    var now = change.apply(before == null ? History.NONE : before);
                    return isNeeded(now) ? now : null;
                });
        if (!find(name).isLike(earlier)) {
            changed.add(Chapter.of(name));
        }
    }

    private boolean isNeeded(History history) {
        return !open || history.held().isPresent() || history.deletion().isPresent();
    }

    /// The policies of which moves are remembered.
    Set<PolicyKey> moving() {
        return new HashSet<>(moving.values());
    }

    /// All members agree on it, as it was found after that much was seen: what was seen since then
    /// stays.
    void settle(PolicyKey key, History seen) {
        var name = Fingerprint.of(key);
        update(
                name,
                history ->
                        history.moves().equals(seen.moves())
                                ? history.settled(clock.millis())
                                : history);
        moving.computeIfPresent(name, (_, it) -> find(name).moves().isEmpty() ? null : it);
    }

    /// Drops what is not needed any more.
    void tidy() {
        var longAgo = longAgo();
        histories.forEach(
                (name, history) -> {
                    if (!isNeeded(history.forgetting(longAgo)) || history.deletion().isPresent()) {
                        update(name, each -> each.forgetting(longAgo));
                    }
                });
        moving.keySet().removeIf(fingerprint -> !histories.containsKey(fingerprint));
        deletions.tidy(longAgo, histories::containsKey);
    }

    /// Whether something is new in a chapter. From now on nothing is, until something happens.
    boolean takeChanged(int chapter) {
        return changed.remove(chapter);
    }

    /// It could not be kept.
    void putBack(int chapter) {
        changed.add(chapter);
    }

    /// What one chapter says.
    Map<Fingerprint, History> chapter(int number) {
        var chapter = new ConcurrentHashMap<Fingerprint, History>();
        histories.forEach(
                (name, history) -> {
                    if (Chapter.of(name) == number) {
                        chapter.put(name, history);
                    }
                });
        return chapter;
    }

    /// Adds what others have seen, and before all is followed, what they saw this cluster hold.
    void learn(Map<Fingerprint, History> theirs) {
        var longAgo = longAgo();
        theirs.forEach(
                (name, it) -> {
                    var other = it.forgetting(longAgo);
                    histories.compute(
                            name,
                            (_, ours) -> {
                                if (ours == null) {
                                    return open ? null : other;
                                }
                                return open ? ours.and(other) : other.and(ours);
                            });
                });
    }
}
