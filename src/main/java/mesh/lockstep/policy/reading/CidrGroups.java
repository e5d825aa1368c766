package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import mesh.lockstep.policy.ValueSet;

/// `cidrGroupSelector`: CiliumCIDRGroups by their labels.
///
/// Source: `matchesEncodedRequirement` in `pkg/policy/types/requirements.go` of Cilium 1.20.2. An
/// address may be in several groups and so have several values of one label; `In [a]` and `In [b]`
/// together select what is in both, so that only what one requirement implies of another
/// disappears:
///
/// ```yaml
/// matchLabels: {zone: a}      matchExpressions: [{key: zone, operator: In, values: [a]},
///                                                {key: zone, operator: Exists}]
/// ```
final class CidrGroups {

    private final SortedMap<String, Wanted> wanted = new TreeMap<>();

    private CidrGroups() {}

    /// Empty where no group has such labels.
    static Optional<String> selected(JsonNode selector) {
        var groups = new CidrGroups();
        for (var label : selector.path("matchLabels").properties()) {
            groups.of(label.getKey()).in(Set.of(Labels.value("", label.getValue().textValue())));
        }
        for (var expression : selector.path("matchExpressions")) {
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
                : Optional.of(groups.wanted.toString());
    }

    private Wanted of(String key) {
        return wanted.computeIfAbsent(Labels.key(key, "cidrgroup:"), _ -> new Wanted());
    }

    /// What is wanted of one label.
    private static final class Wanted {

        /// Sets compared with each other. Beyond it none is left out for another.
        private static final int MAX_SETS = 100;

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

        private List<Set<String>> strictest() {
            var sets = List.copyOf(someOf.values());
            return sets.size() > MAX_SETS
                    ? sets
                    : sets.stream()
                            .filter(it -> sets.stream().noneMatch(s -> implies(s, it)))
                            .toList();
        }

        private static boolean implies(Set<String> stricter, Set<String> values) {
            return stricter.size() < values.size() && values.containsAll(stricter);
        }

        @Override
        public String toString() {
            if (absent) {
                return "absent";
            }
            var parts = new ArrayList<String>();
            strictest().forEach(values -> parts.add("some of " + ValueSet.text(values)));
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
