package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.ValueSet;
import mesh.lockstep.policy.Word;

/// `cidrGroupSelector`: CiliumCIDRGroups by their labels.
///
/// Source: `matchesEncodedRequirement` in `pkg/policy/types/requirements.go` of Cilium. An address
/// may be in several groups and so have several values of one label; `In [a]` and `In [b]` together
/// select what is in both, so that only what one requirement implies of another disappears:
///
/// ```yaml
/// matchLabels: {zone: a}      matchExpressions: [{key: zone, operator: In, values: [a]},
///                                                {key: zone, operator: Exists}]
/// ```
final class CidrGroups {

    private static final String SOURCE = "cidrgroup:";

    private final SortedMap<String, Wanted> wanted = new TreeMap<>();

    private final Reserve reserve;

    private CidrGroups(Reserve reserve) {
        this.reserve = reserve;
    }

    /// Empty where no group has such labels.
    static Optional<String> selected(JsonNode selector, Reserve reserve) {
        var groups = new CidrGroups(reserve);
        reserve.take(selector.path("matchLabels").size(), Reserve.REQUIREMENT + Reserve.VALUE);
        reserve.take(selector.path("matchExpressions").size(), Reserve.REQUIREMENT);
        var seen = new HashMap<String, String>();
        for (var label : selector.path("matchLabels").properties()) {
            var value = Labels.value("", label.getValue().textValue());
            SelectorReading.checkOnce(seen, Labels.key(label.getKey(), SOURCE), value);
            groups.of(label.getKey()).in(Set.of(value));
        }
        for (var expression : selector.path("matchExpressions")) {
            reserve.take(expression.path("values").size(), Reserve.VALUE);
            var values = SelectorReading.values(expression, "");
            var wanted = groups.of(expression.path("key").textValue());
            switch (SelectorReading.operator(expression)) {
                case IN -> wanted.in(values);
                case NOT_IN -> wanted.noneOf.addAll(values);
                case EXISTS -> wanted.present = true;
                case DOES_NOT_EXIST -> wanted.absent = true;
            }
        }
        return groups.wanted.values().stream().anyMatch(Wanted::isImpossible)
                ? Optional.empty()
                : Optional.of(groups.text());
    }

    private Wanted of(String key) {
        return wanted.computeIfAbsent(Labels.key(key, SOURCE), _ -> new Wanted());
    }

    private String text() {
        return wanted.entrySet().stream()
                .map(entry -> Word.of(entry.getKey()) + "=" + entry.getValue().text(reserve))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /// What is wanted of one label.
    private static final class Wanted {

        private final Map<String, Set<String>> someOf = new TreeMap<>();
        private final NavigableSet<String> noneOf = new TreeSet<>();
        private boolean present;
        private boolean absent;

        private void in(Set<String> values) {
            present = true;
            var sorted = new TreeSet<>(values);
            someOf.put(ValueSet.text(sorted), sorted);
        }

        private boolean isImpossible() {
            return (absent && present) || someOf.values().stream().anyMatch(noneOf::containsAll);
        }

        /// Only those that no other one implies. Each is compared with each.
        private Stream<Set<String>> strictest(Reserve reserve) {
            var sets = List.copyOf(someOf.values());
            reserve.take(sets.size(), sets.size());
            return sets.stream()
                    .filter(set -> sets.stream().noneMatch(s -> implies(s, set, reserve)));
        }

        private static boolean implies(Set<String> stricter, Set<String> values, Reserve reserve) {
            if (stricter.size() >= values.size()) {
                return false;
            }
            reserve.take(stricter.size(), Reserve.STEP);
            return values.containsAll(stricter);
        }

        private String text(Reserve reserve) {
            if (absent) {
                return "absent";
            }
            var parts = new ArrayList<String>();
            strictest(reserve).forEach(values -> parts.add("some of " + ValueSet.text(values)));
            if (someOf.isEmpty() && present) {
                parts.add("present");
            }
            if (!noneOf.isEmpty()) {
                parts.add("none of " + ValueSet.text(noneOf));
            }
            return String.join(", ", parts);
        }
    }
}
