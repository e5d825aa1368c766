package mesh.lockstep.policy.reading;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Finds rules of which it depends on all others in their filter what Cilium makes of them.
final class Contention {

    private final List<Filter> filters;
    private final Reserve reserve;
    private final Map<Boolean, Boolean> found = new TreeMap<>();

    /// @param filters which all have to be there when they are looked at
    Contention(List<Filter> filters, Reserve reserve) {
        this.filters = filters;
        this.reserve = reserve;
    }

    /// Whether in a direction one rule swallows another, or may be in one filter with one that asks
    /// for the other kind of requests, whoever their peers are.
    boolean isIn(boolean ingress) {
        return found.computeIfAbsent(
                ingress,
                _ -> {
                    var rules =
                            filters.stream()
                                    .filter(filter -> filter.section().ingress() == ingress)
                                    .toList();
                    return isAnySwallowed(rules) || isAnyMixed(rules);
                });
    }

    boolean isAnySwallowed(List<Filter> rules) {
        for (var rule : rules) {
            if (rule.asked().repeats() && rules.stream().anyMatch(other -> swallows(rule, other))) {
                return true;
            }
        }
        return false;
    }

    private boolean swallows(Filter rule, Filter other) {
        reserve.take(rule.steps(other), Reserve.STEP);
        return rule.swallows(other);
    }

    private boolean isAnyMixed(List<Filter> rules) {
        var named = rules.stream().filter(rule -> rule.asked().hasNames()).toList();
        var others = rules.stream().filter(rule -> rule.asked().hasHttp()).toList();
        for (var rule : named) {
            for (var other : others) {
                reserve.take(rule.steps(other), Reserve.STEP);
                if (rule.shares(other)) {
                    return true;
                }
            }
        }
        return false;
    }
}
