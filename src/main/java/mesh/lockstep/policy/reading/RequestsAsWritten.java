package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import mesh.lockstep.policy.CanonicalJson;
import org.jspecify.annotations.Nullable;

/// The requests of a port rule as Cilium compares them, one by one.
///
/// Source: `DeepEqual` of `PortRulesHTTP` and `PortRulesDNS` in
/// `pkg/policy/api/zz_generated.deepequal.go` of Cilium. It takes the first of these lists for the
/// second, not the second for the first:
///
/// ```
/// http: [{path: /a}, {path: /a}]      http: [{path: /a}, {path: /b}]
/// ```
final class RequestsAsWritten {

    private final JsonNode rules;
    private @Nullable List<String> written;
    private @Nullable SortedSet<String> distinct;

    /// @param rules of the port rule
    RequestsAsWritten(JsonNode rules) {
        this.rules = rules;
    }

    int size() {
        return rules.path("http").size() + rules.path("dns").size();
    }

    /// Sorted, as often as they are there. Written out when it is asked for, which is seldom.
    List<String> list() {
        var list = written;
        if (list == null) {
            list =
                    Stream.of("http", "dns")
                            .flatMap(kind -> rules.path(kind).valueStream())
                            .map(rule -> CanonicalJson.abridged(Texts.withoutEmpty(rule)))
                            .sorted()
                            .toList();
            written = list;
        }
        return list;
    }

    /// Whether Cilium takes it for another list that has more in it.
    boolean isTakenFor(RequestsAsWritten other) {
        var ours = distinct();
        var theirs = other.distinct();
        return ours.size() < size()
                && other.size() >= size()
                && theirs.size() > ours.size()
                && theirs.containsAll(ours);
    }

    private SortedSet<String> distinct() {
        var set = distinct;
        if (set == null) {
            set = Collections.unmodifiableSortedSet(new TreeSet<>(list()));
            distinct = set;
        }
        return set;
    }
}
