package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import mesh.lockstep.policy.Lexicographic;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Reach;
import mesh.lockstep.policy.Statement.Traffic;

/// Who may do what, for one subject, direction and verdict. What one peer may do comes together
/// from all rules, numbers of ports included, and peers that may do the same are one statement, so
/// that it does not matter how rules were cut:
///
/// ```yaml
/// - {fromCIDR: [10.0.0.0/8, 192.168.0.0/16], toPorts: [{ports: [{port: "80"}, {port: "81"}]}]}
///
/// - {fromCIDR: [192.168.0.0/16], toPorts: [{ports: [{port: "80", endPort: 81}]}]}
/// - {fromCIDR: [10.0.0.0/8], toPorts: [{ports: [{port: "80"}]}, {ports: [{port: "81"}]}]}
/// ```
///
/// Source: `mergePortProto` in `pkg/policy/rule.go` of Cilium.
final class Rights {

    private final Frame frame;
    private final Reserve reserve;
    private final SortedMap<PolicyPeer, Rules> rulesOfPeer = new TreeMap<>();
    private final List<List<Traffic>> trafficOfRule = new ArrayList<>();

    /// What all statements of these rights have in common.
    record Frame(String subject, String verdict) implements Comparable<Frame> {

        private static final Comparator<Frame> ORDER =
                Comparator.comparing(Frame::subject).thenComparing(Frame::verdict);

        @Override
        public int compareTo(Frame other) {
            return ORDER.compare(this, other);
        }
    }

    /// The numbers of some rules, in their order.
    private record Rules(List<Integer> numbers) implements Comparable<Rules> {

        private static final Comparator<List<Integer>> ORDER = Lexicographic.natural();

        @Override
        public int compareTo(Rules other) {
            return ORDER.compare(numbers, other.numbers);
        }
    }

    private record Protocol(String name, List<String> conditions) implements Comparable<Protocol> {

        private static final Comparator<List<String>> ORDER = Lexicographic.natural();

        @Override
        public int compareTo(Protocol other) {
            var order = name.compareTo(other.name);
            return order != 0 ? order : ORDER.compare(conditions, other.conditions);
        }
    }

    Rights(Frame frame, Reserve reserve) {
        this.frame = frame;
        this.reserve = reserve;
    }

    /// @param whom the peers, each once
    void add(List<PolicyPeer> whom, List<Traffic> traffic) {
        for (var peer : whom) {
            rulesOfPeer
                    .computeIfAbsent(peer, _ -> new Rules(new ArrayList<>(1)))
                    .numbers()
                    .add(trafficOfRule.size());
        }
        trafficOfRule.add(traffic);
    }

    /// Maps are sorted here, not hashed: anybody finds thousands of names of one hash code.
    List<Statement> statements() {
        // Most peers are in the same rules: their traffic is put together once.
        var byRules = new TreeMap<Rules, List<PolicyPeer>>();
        rulesOfPeer.forEach(
                (peer, rules) -> byRules.computeIfAbsent(rules, _ -> new ArrayList<>()).add(peer));
        var byTraffic =
                new TreeMap<List<Traffic>, List<PolicyPeer>>(Lexicographic.<Traffic>natural());
        byRules.forEach(
                (rules, peers) ->
                        byTraffic
                                .computeIfAbsent(joined(rules.numbers()), _ -> new ArrayList<>())
                                .addAll(peers));
        var statements = new ArrayList<Statement>();
        byTraffic.forEach(
                (traffic, peers) -> {
                    reserve.take(frame.subject().length(), Character.BYTES);
                    peers.sort(Comparator.naturalOrder());
                    statements.add(new Reach(frame.subject(), frame.verdict(), peers, traffic));
                });
        return statements;
    }

    /// The traffic of these rules, sorted.
    private List<Traffic> joined(List<Integer> rules) {
        var joined = new TreeSet<Traffic>();
        var ranges = new TreeMap<Protocol, List<Ports.Range>>();
        for (var rule : rules) {
            for (var each : trafficOfRule.get(rule)) {
                reserve(each);
                if (each.ports() instanceof Ports.Numbered(var name, var numbers)) {
                    ranges.computeIfAbsent(
                                    new Protocol(name, each.conditions()), _ -> new ArrayList<>())
                            .addAll(numbers);
                } else {
                    joined.add(each);
                }
            }
        }
        ranges.forEach(
                (protocol, numbers) -> {
                    var ports = new Ports.Numbered(protocol.name(), numbers);
                    joined.add(new Traffic(ports, protocol.conditions()));
                });
        return List.copyOf(joined);
    }

    /// A kind of traffic is written once for all peers that may do the same.
    private void reserve(Traffic traffic) {
        int characters = 0;
        for (var condition : traffic.conditions()) {
            characters += condition.length();
        }
        reserve.take(1, Reserve.TRAFFIC + characters * Character.BYTES);
        reserve.take(traffic.ports().size(), 2 * Integer.BYTES);
    }
}
