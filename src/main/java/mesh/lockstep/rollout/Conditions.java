package mesh.lockstep.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;

/// The condition of each policy that any member has, as it was judged last; none before our own
/// name is known. One thread writes, any number read.
public final class Conditions {

    private final Timeline timeline;
    private final Map<PolicyKey, Condition> last = new ConcurrentHashMap<>();
    private volatile List<Listener> listeners = List.of();
    private volatile Instant lastFullPass = Instant.EPOCH;

    /// Most policies have equal relations: one map serves thousands.
    private SortedMap<ClusterName, Relation> usual = new TreeMap<>();

    /// Is told what is new, by the thread that writes.
    public interface Listener {

        /// A policy's condition has changed.
        ///
        /// @param before empty for a policy that was not there
        /// @param after empty for one that is nowhere any more
        void judged(Optional<Condition> before, Optional<Condition> after);
    }

    /// Nothing is judged yet.
    ///
    /// @param timeline by which conditions are dated when they are written
    public Conditions(Timeline timeline) {
        this.timeline = timeline;
    }

    /// All, in no order, dated by the machine's clock as it is set.
    public Collection<Condition> all() {
        var shift = timeline.shift();
        return shift.isZero()
                ? last.values()
                : last.values().stream()
                        .map(condition -> condition.redated(then -> then.plus(shift)))
                        .toList();
    }

    /// The same of one policy.
    public Optional<Condition> find(PolicyKey key) {
        var shift = timeline.shift();
        var found = recall(key);
        return shift.isZero()
                ? found
                : found.map(condition -> condition.redated(then -> then.plus(shift)));
    }

    /// When all policies were last judged, by the machine's clock; the epoch before the first time.
    public Instant lastFullPass() {
        var time = lastFullPass;
        return time.equals(Instant.EPOCH) ? time : time.plus(timeline.shift());
    }

    /// How long ago that was.
    ///
    /// @param now on the timeline
    public Duration sinceFullPass(Instant now) {
        return Duration.between(lastFullPass, now);
    }

    /// Begins with what was known before a restart; from now on, these are told what is new.
    ///
    /// @param remembered dated by clocks
    public void begin(Collection<Condition> remembered, List<Listener> told) {
        last.clear();
        listeners = List.copyOf(told);
        remembered.forEach(
                condition -> put(condition.key(), Optional.of(condition.redated(timeline::heard))));
    }

    /// As it was judged last, on the timeline.
    Optional<Condition> recall(PolicyKey key) {
        return Optional.ofNullable(last.get(key));
    }

    /// The policies that have one.
    Collection<PolicyKey> keys() {
        return last.keySet();
    }

    /// How a policy was judged now.
    ///
    /// @param after empty if it is nowhere
    public void put(PolicyKey key, Optional<Condition> after) {
        var before = recall(key);
        after.map(this::sharing)
                .ifPresentOrElse(condition -> last.put(key, condition), () -> last.remove(key));
        if (!before.equals(after)) {
            listeners.forEach(listener -> listener.judged(before, after));
        }
    }

    private Condition sharing(Condition condition) {
        if (condition.relations().equals(usual)) {
            return new Condition(
                    condition.key(),
                    condition.state(),
                    condition.revision(),
                    usual,
                    condition.unexplained(),
                    condition.objections());
        }
        usual = condition.relations();
        return condition;
    }

    /// All were judged then, on the timeline.
    void allJudged(Instant now) {
        lastFullPass = now;
    }
}
