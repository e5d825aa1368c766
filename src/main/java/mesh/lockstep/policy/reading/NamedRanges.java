package mesh.lockstep.policy.reading;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import mesh.lockstep.policy.Ports;

/// Named ports on ingress that several ranges begin with. There alone the order of rules matters:
/// Cilium keeps one range for a name, that of whichever rule it comes upon first, so that
///
/// ```yaml
/// ports: [{port: http, endPort: 9000}, {port: http}]
/// ports: [{port: http}, {port: http, endPort: 9000}]
/// ```
///
/// do not say the same.
///
/// Source: `exactLookupFilter` in `pkg/policy/l4.go` of Cilium 1.20.2.
final class NamedRanges {

    private final SortedMap<String, Set<Range>> byName = new TreeMap<>();

    private record Range(String subject, int last) {
        @Override
        public String toString() {
            return (last == 0 ? "none" : "to " + last) + " for " + subject;
        }
    }

    void add(String subject, Ports ports) {
        if (ports instanceof Ports.Named(var protocol, var name, var last)) {
            byName.computeIfAbsent(protocol + "/" + name, _ -> new LinkedHashSet<>())
                    .add(new Range(subject, last));
        }
    }

    /// One text for each name with several ranges: the ranges in their order.
    Stream<String> orders() {
        return byName.entrySet().stream()
                .filter(it -> it.getValue().stream().map(Range::last).distinct().count() > 1)
                .map(it -> "ranges from " + it.getKey() + ", in order: " + it.getValue());
    }
}
