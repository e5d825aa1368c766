package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import mesh.lockstep.policy.Peer;

/// Ports that are also written as a range which ends where it begins, or before.
///
/// To Cilium 1.20.2 such a range is the port alone (`keysForRange` in `pkg/policy/l4.go`), so that
///
/// ```yaml
/// ports: [{port: "80"}]      ports: [{port: "80", endPort: 80}]
/// ```
///
/// say the same; but not beside each other: it keeps the rules of the one apart from those of the
/// other (`upsert` in the same file), and so joins neither their TLS, server names and listeners
/// nor their authentication.
final class RangesOfOne {

    private final Map<Port, SortedMap<Integer, List<Rule>>> ends = new HashMap<>();

    private record Port(boolean ingress, String protocol, int port) {}

    /// One rule for a port.
    ///
    /// @param joins whether others for the same port take on what it asks for beside requests
    record Rule(String subject, List<Peer> peers, Set<String> conditions, boolean joins) {

        private String text() {
            return subject + peers.stream().map(Peer::text).sorted().toList() + conditions;
        }
    }

    void add(boolean ingress, List<PortRules.Single> ports, Rule rule) {
        for (var port : ports) {
            ends.computeIfAbsent(
                            new Port(ingress, port.protocol(), port.port()), _ -> new TreeMap<>())
                    .computeIfAbsent(port.last(), _ -> new ArrayList<>())
                    .add(rule);
        }
    }

    /// A text for each port whose rules are kept apart.
    Stream<String> texts() {
        return ends.entrySet().stream()
                .filter(it -> it.getValue().size() > 1)
                .filter(it -> joined(it.getValue()))
                .map(it -> it.getKey() + " apart: " + apart(it.getValue()));
    }

    private static boolean joined(SortedMap<Integer, List<Rule>> ends) {
        return ends.values().stream().flatMap(List::stream).anyMatch(Rule::joins)
                && apart(ends).size() > 1;
    }

    /// What is kept apart, sorted: for each end its rules, unless another has all of them too.
    private static List<String> apart(SortedMap<Integer, List<Rule>> ends) {
        var all = new HashSet<Set<String>>();
        for (var rules : ends.values()) {
            all.add(new TreeSet<>(rules.stream().map(Rule::text).toList()));
        }
        return all.stream()
                .filter(it -> all.stream().noneMatch(o -> !o.equals(it) && o.containsAll(it)))
                .map(Set::toString)
                .sorted()
                .toList();
    }
}
