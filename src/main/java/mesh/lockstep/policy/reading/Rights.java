package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import mesh.lockstep.policy.Lexicographic;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Reach;
import mesh.lockstep.policy.Statement.Traffic;
import org.jspecify.annotations.Nullable;

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
/// What a peer may do that one around it may do as well is said of that one alone ([Nesting]).
///
/// Source: `mergePortProto` in `pkg/policy/rule.go` of Cilium.
final class Rights {

    private final Frame frame;
    private final Reserve reserve;
    private final SortedMap<PolicyPeer, Rules> rulesOfPeer = new TreeMap<>();
    private final List<List<Traffic>> trafficOfRule = new ArrayList<>();

    /// What all statements of these rights have in common.
    record Frame(String subject, Section section) implements Comparable<Frame> {

        private static final Comparator<Frame> ORDER =
                Comparator.comparing(Frame::subject).thenComparing(Frame::section);

        @Override
        public int compareTo(Frame other) {
            return ORDER.compare(this, other);
        }
    }

    /// The numbers of some rules, in their order.
    private record Rules(List<Integer> numbers) implements Comparable<Rules> {

        private static final Comparator<List<Integer>> ORDER = Lexicographic.natural();

        boolean has(int number) {
            return Collections.binarySearch(numbers, number) >= 0;
        }

        @Override
        public int compareTo(Rules other) {
            return ORDER.compare(numbers, other.numbers);
        }
    }

    /// Peers in the same rules, and within others that are in the same rules.
    private static final class Layer {

        private final Rules rules;
        private final JoinedTraffic adds;
        private final @Nullable Layer around;
        private final SortedMap<Rules, Layer> within = new TreeMap<>();
        private final List<PolicyPeer> peers = new ArrayList<>(1);

        /// @param adds what the peers may do and those around them may not
        Layer(Rules rules, JoinedTraffic adds, @Nullable Layer around) {
            this.rules = rules;
            this.adds = adds;
            this.around = around;
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
    List<Statement> statements(Nesting nesting) {
        var outside = new Layer(new Rules(List.of()), JoinedTraffic.NONE, null);
        var layers = new ArrayList<Layer>();
        // Most peers are in the same rules: their traffic is put together once.
        nesting.walk(
                rulesOfPeer.keySet(),
                outside,
                (peer, around) -> {
                    var rules = Objects.requireNonNull(rulesOfPeer.get(peer));
                    var layer = around.within.get(rules);
                    if (layer == null) {
                        layer = new Layer(rules, added(rules, around), around);
                        around.within.put(rules, layer);
                        layers.add(layer);
                    }
                    layer.peers.add(peer);
                    return layer;
                });
        return statements(layers);
    }

    private List<Statement> statements(List<Layer> layers) {
        var byTraffic =
                new TreeMap<List<Traffic>, List<PolicyPeer>>(Lexicographic.<Traffic>natural());
        for (var layer : layers) {
            byTraffic
                    .computeIfAbsent(layer.adds.list(), _ -> new ArrayList<>())
                    .addAll(layer.peers);
        }
        // Those who may do nothing that those around them may not.
        byTraffic.remove(List.<Traffic>of());
        var statements = new ArrayList<Statement>();
        byTraffic.forEach(
                (traffic, peers) -> {
                    reserve.take(frame.subject().length(), Character.BYTES);
                    peers.sort(Comparator.naturalOrder());
                    statements.add(
                            new Reach(frame.subject(), frame.section().verdict(), peers, traffic));
                });
        return statements;
    }

    /// What the peers of these rules may do and those around them may not. Most are around them in
    /// the same rules.
    private JoinedTraffic added(Rules rules, Layer around) {
        var others = new ArrayList<>(rules.numbers());
        for (var outer = around; outer != null; outer = outer.around) {
            reserve.take(others.size(), Reserve.STEP);
            others.removeIf(outer.rules::has);
        }
        var added = joined(others);
        for (var outer = around; outer != null; outer = outer.around) {
            if (added.size() > 0 && outer.adds.size() > 0) {
                reserve.take(added.size() + outer.adds.size(), Reserve.STEP);
                added = added.without(outer.adds);
                // What is cut out of ranges leaves more of them.
                reserve.take(added.size(), Reserve.TRAFFIC);
            }
        }
        return added;
    }

    /// The traffic of these rules.
    private JoinedTraffic joined(List<Integer> rules) {
        var traffic = new ArrayList<Traffic>();
        for (var rule : rules) {
            for (var each : trafficOfRule.get(rule)) {
                reserve(each);
                traffic.add(each);
            }
        }
        return JoinedTraffic.of(traffic);
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
