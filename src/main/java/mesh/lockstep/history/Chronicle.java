package mesh.lockstep.history;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.History;
import mesh.lockstep.rollout.Movements;
import mesh.lockstep.rollout.Trace;

/// The histories of all policies that this cluster holds, or held a while ago. What peers do to
/// others is not remembered: no change here depends on it, and they could invent any number.
///
/// Any number of threads write and read.
final class Chronicle implements Histories, Movements {

    private final InstantSource clock;
    private final Duration deletedFor;
    private final Map<Fingerprint, History> histories = new ConcurrentHashMap<>();

    /// Of policies with moves: a name is needed to ask what members hold.
    private final Map<Fingerprint, PolicyKey> moving = new ConcurrentHashMap<>();

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
        return find(Fingerprint.of(key)).forgetting(clock.millis() - deletedFor.toMillis());
    }

    private History find(Fingerprint name) {
        return histories.getOrDefault(name, History.NONE);
    }

    /// What does not happen after all, because somebody else objects, does no harm: nobody holds
    /// the version that was not made. Going back would, since it turns the order around; that it
    /// happened, the watch tells.
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
                update(change.key(), it -> it.isBefore(to, from) ? it : it.moved(from, to, at));
            }
            case Change.Deleted(var before) -> {
                var trace = Trace.of(before.version(), before.intent().revision());
                update(change.key(), it -> it.deleting(trace, at));
            }
        }
    }

    @Override
    public void moved(PolicyKey key, Version from, Version to) {
        var isHeld = !open || find(Fingerprint.of(key)).held().isPresent();
        if (isHeld && !from.equals(to)) {
            update(key, it -> it.moved(from.fingerprint(), to.fingerprint(), clock.millis()));
        }
    }

    @Override
    public void here(PolicyKey key, Optional<Trace> now) {
        if (open) {
            update(key, it -> it.here(now, clock.millis()));
        }
    }

    /// What was there when this process began came from what was there when another ended. From now
    /// on all is followed.
    ///
    /// @param held what this cluster holds now
    void open(Map<PolicyKey, Trace> held) {
        open = true;
        var names = new HashSet<Fingerprint>();
        held.forEach(
                (key, trace) -> {
                    names.add(Fingerprint.of(key));
                    here(key, Optional.of(trace));
                });
        histories.forEach(
                (name, history) -> {
                    if (history.held().isPresent() && !names.contains(name)) {
                        update(name, it -> it.here(Optional.empty(), clock.millis()));
                    }
                });
    }

    /// Whether what this cluster held before is taken into account.
    boolean isOpen() {
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
        histories.compute(
                name,
                (_, before) -> {
                    var then = before == null ? History.NONE : before;
                    var now = change.apply(then);
                    if (!now.isLike(then)) {
                        changed.add(Chapter.of(name));
                    }
                    return isNeeded(now) ? now : null;
                });
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
        update(name, it -> it.moves().equals(seen.moves()) ? it.settled(clock.millis()) : it);
        moving.computeIfPresent(name, (_, it) -> find(name).moves().isEmpty() ? null : it);
    }

    /// Drops what is not needed any more.
    void tidy() {
        var longAgo = clock.millis() - deletedFor.toMillis();
        histories.forEach(
                (name, history) -> {
                    if (!isNeeded(history.forgetting(longAgo)) || history.deletion().isPresent()) {
                        update(name, it -> it.forgetting(longAgo));
                    }
                });
        moving.keySet().removeIf(it -> !histories.containsKey(it));
    }

    /// Takes the chapters of which something is new; they count as kept until something happens.
    Set<Integer> takeChanged() {
        var taken = new HashSet<>(changed);
        changed.removeAll(taken);
        return taken;
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
        theirs.forEach(
                (name, other) ->
                        histories.compute(
                                name,
                                (_, ours) -> {
                                    if (ours == null) {
                                        return open ? null : other;
                                    }
                                    return open ? ours.and(other) : other.and(ours);
                                }));
    }
}
