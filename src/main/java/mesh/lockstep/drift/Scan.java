package mesh.lockstep.drift;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.DriftRules;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.Holdings;
import mesh.lockstep.rollout.Relation;
import mesh.lockstep.rollout.Scope;

/// Judges policies from memory and remembers the condition of each. One thread judges, any number
/// read.
final class Scan {

    private final Holdings holdings;
    private final Scope scope;
    private final DriftRules rules;
    private final Histories histories;
    private final Listener listener;
    private final Map<PolicyKey, Condition> conditions = new ConcurrentHashMap<>();
    private final Map<PolicyKey, Instant> reviews = new HashMap<>();

    /// Most policies have equal relations: one map serves thousands.
    private SortedMap<ClusterName, Relation> usual = new TreeMap<>();

    /// Is told what is new.
    interface Listener {

        /// A policy's condition has changed.
        ///
        /// @param before empty for a policy that was not there
        /// @param after empty for one that is nowhere any more
        void judged(Optional<Condition> before, Optional<Condition> after);
    }

    Scan(Holdings holdings, Scope scope, DriftRules rules, Histories histories, Listener listener) {
        this.holdings = holdings;
        this.scope = scope;
        this.rules = rules;
        this.histories = histories;
        this.listener = listener;
    }

    /// All, in no order.
    Collection<Condition> conditions() {
        return conditions.values();
    }

    Optional<Condition> find(PolicyKey key) {
        return Optional.ofNullable(conditions.get(key));
    }

    /// Takes what was known before a restart for what was judged last.
    void remember(Condition condition) {
        conditions.put(condition.key(), condition);
        listener.judged(Optional.empty(), Optional.of(condition));
    }

    void judgeAll(Instant now) {
        var keys = new HashSet<>(holdings.keys());
        keys.addAll(conditions.keySet());
        keys.forEach(key -> judge(key, now));
    }

    /// Policies that are due although nothing happened to them.
    void judgeDue(Instant now) {
        List<PolicyKey> due =
                reviews.entrySet().stream()
                        .filter(it -> !it.getValue().isAfter(now))
                        .map(Map.Entry::getKey)
                        .toList();
        due.forEach(key -> judge(key, now));
    }

    void judge(PolicyKey key, Instant now) {
        var before = find(key);
        var after = look(key, before, now).map(this::sharing);
        after.ifPresentOrElse(it -> conditions.put(key, it), () -> conditions.remove(key));
        after.flatMap(it -> rules.review(it))
                .ifPresentOrElse(it -> reviews.put(key, it), () -> reviews.remove(key));
        if (!before.equals(after)) {
            listener.judged(before, after);
        }
    }

    private Optional<Condition> look(PolicyKey key, Optional<Condition> before, Instant now) {
        var ours = holdings.recallOwn(key);
        var theirs = holdings.recall(key);
        var judged = rules.judge(key, ours, theirs, histories.recall(key), before, now);
        return scope.has(key) ? judged : judged.map(_ -> DriftRules.exempt(key, ours, theirs));
    }

    private Condition sharing(Condition condition) {
        if (!condition.relations().equals(usual)) {
            usual = condition.relations();
            return condition;
        }
        return new Condition(
                condition.key(),
                condition.state(),
                condition.revision(),
                usual,
                condition.unexplained());
    }
}
