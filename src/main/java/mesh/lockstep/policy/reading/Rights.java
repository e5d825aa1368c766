package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import mesh.lockstep.policy.Peer;
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
/// Source: `mergePortProto` in `pkg/policy/rule.go` of Cilium 1.20.2.
final class Rights {

    private final Frame frame;
    private final Map<Peer, List<Integer>> rulesOfPeer = new HashMap<>();
    private final List<List<Traffic>> trafficOfRule = new ArrayList<>();

    /// What all statements of these rights have in common.
    record Frame(String subject, String verdict) {}

    private record Protocol(String name, String conditions) {}

    Rights(Frame frame) {
        this.frame = frame;
    }

    void add(List<Peer> whom, List<Traffic> traffic) {
        for (var peer : whom) {
            rulesOfPeer.computeIfAbsent(peer, _ -> new ArrayList<>()).add(trafficOfRule.size());
        }
        trafficOfRule.add(traffic);
    }

    /// @param reserve told of the work before it is done
    List<Statement> statements(LongConsumer reserve) {
        // Most peers are in the same rules: their traffic is put together once.
        var byRules = new HashMap<List<Integer>, List<Peer>>();
        rulesOfPeer.forEach(
                (peer, rules) -> byRules.computeIfAbsent(rules, _ -> new ArrayList<>()).add(peer));
        var byTraffic = new HashMap<List<Traffic>, List<Peer>>();
        byRules.forEach(
                (rules, peers) ->
                        byTraffic
                                .computeIfAbsent(joined(rules, reserve), _ -> new ArrayList<>())
                                .addAll(peers));
        var statements = new ArrayList<Statement>();
        byTraffic.forEach(
                (traffic, peers) -> {
                    peers.sort(Comparator.comparing(Peer::text));
                    statements.add(
                            Statement.of(
                                    new Reach(frame.subject(), frame.verdict(), peers, traffic)));
                });
        return statements;
    }

    /// The traffic of these rules, sorted.
    private List<Traffic> joined(List<Integer> rules, LongConsumer reserve) {
        var joined = new TreeMap<String, Traffic>();
        var ranges = new HashMap<Protocol, List<Ports.Range>>();
        for (var rule : rules) {
            var traffic = trafficOfRule.get(rule);
            reserve.accept(traffic.size());
            for (var each : traffic) {
                if (each.ports() instanceof Ports.Numbered(var name, var numbers)) {
                    ranges.computeIfAbsent(
                                    new Protocol(name, each.conditions()), _ -> new ArrayList<>())
                            .addAll(numbers);
                } else {
                    joined.put(each.text(), each);
                }
            }
        }
        ranges.forEach(
                (protocol, numbers) -> {
                    var ports = new Ports.Numbered(protocol.name(), numbers);
                    var traffic = new Traffic(ports, protocol.conditions());
                    joined.put(traffic.text(), traffic);
                });
        return List.copyOf(joined.values());
    }
}
