package mesh.lockstep.policy.reading;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import mesh.lockstep.policy.Peer;
import mesh.lockstep.policy.Ports;

/// The two cases in which the order of rules matters, because Cilium 1.20.2 keeps what it comes
/// upon first.
///
/// Of several ranges on ingress that one named port begins, it keeps one (`exactLookupFilter` in
/// `pkg/policy/l4.go`), so that
///
/// ```yaml
/// ports: [{port: http, endPort: 9000}, {port: http}]
/// ports: [{port: http}, {port: http, endPort: 9000}]
/// ```
///
/// do not say the same. And everyone, and the CIDR groups that an empty selector selects, are one
/// entry in its cache of selectors (`SelectorKey` in `pkg/policy/api/selector.go` and `cidr.go`).
final class Orders {

    private static final Set<String> WILDCARDS =
            Set.of(Peer.Labelled.EVERYONE.text(), Cidrs.ALL_GROUPS);

    private final SortedMap<String, Set<Range>> byName = new TreeMap<>();
    private final Set<String> wildcards = new LinkedHashSet<>();

    private record Range(String subject, int last) {
        @Override
        public String toString() {
            return (last == 0 ? "none" : "to " + last) + " for " + subject;
        }
    }

    void add(List<Peer> peers) {
        peers.stream().map(Peer::text).filter(WILDCARDS::contains).forEach(wildcards::add);
    }

    /// @param ports on ingress
    void add(String subject, List<Ports> ports) {
        for (var port : ports) {
            if (port instanceof Ports.Named(var protocol, var name, var last)) {
                byName.computeIfAbsent(protocol + "/" + name, _ -> new LinkedHashSet<>())
                        .add(new Range(subject, last));
            }
        }
    }

    /// A text for each order that matters.
    Stream<String> texts() {
        var ranges =
                byName.entrySet().stream()
                        .filter(
                                it ->
                                        it.getValue().stream().map(Range::last).distinct().count()
                                                > 1)
                        .map(it -> "ranges from " + it.getKey() + ", in order: " + it.getValue());
        return wildcards.size() > 1
                ? Stream.concat(ranges, Stream.of("everyone, in order: " + wildcards))
                : ranges;
    }
}
