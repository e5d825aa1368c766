package mesh.lockstep.rollout;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.policy.PolicyKey;

/// Judges policies that nobody changes, from memory. For one thread.
public final class Scan {

    private final Holdings holdings;
    private final Scope scope;
    private final DriftRules rules;
    private final Histories histories;
    private final Conditions conditions;
    private final Map<PolicyKey, Instant> reviews = new HashMap<>();

    /// A scan of what members hold.
    ///
    /// @param conditions where it is noted how each policy was judged
    public Scan(
            Holdings holdings,
            Scope scope,
            DriftRules rules,
            Histories histories,
            Conditions conditions) {
        this.holdings = holdings;
        this.scope = scope;
        this.rules = rules;
        this.histories = histories;
        this.conditions = conditions;
    }

    /// Judges all that there are or were.
    public void judgeAll(Instant now) {
        var keys = new HashSet<>(holdings.keys());
        keys.addAll(conditions.keys());
        keys.forEach(key -> judge(key, now));
        conditions.allJudged(now);
    }

    /// Policies that are due although nothing happened to them.
    public void judgeDue(Instant now) {
        List<PolicyKey> due =
                reviews.entrySet().stream()
                        .filter(entry -> !entry.getValue().isAfter(now))
                        .map(Map.Entry::getKey)
                        .toList();
        due.forEach(key -> judge(key, now));
    }

    /// Judges one policy.
    public void judge(PolicyKey key, Instant now) {
        var after = look(key, now);
        conditions.put(key, after);
        after.flatMap(rules::review)
                .ifPresentOrElse(instant -> reviews.put(key, instant), () -> reviews.remove(key));
    }

    private Optional<Condition> look(PolicyKey key, Instant now) {
        var ours = holdings.recallOwn(key);
        var theirs = holdings.recall(key);
        var before = conditions.recall(key);
        var judged = rules.judge(key, ours, theirs, histories.recall(key), before, now);
        var here = holdings.here().orElseThrow();
        return judged.map(
                        condition ->
                                scope.has(key) ? condition : DriftRules.exempt(key, ours, theirs))
                .map(condition -> condition.objectedBy(here, holdings.objections(key)));
    }
}
