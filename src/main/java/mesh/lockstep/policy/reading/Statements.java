package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.Peer;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Reach;

/// Gathers the statements of a policy. Numbered ports that agree in everything else become one
/// statement, wherever they were written:
///
/// ```yaml
/// ingress: [{toPorts: [{ports: [{port: "80"}]}]}, {toPorts: [{ports: [{port: "81"}]}]}]
/// ingress: [{toPorts: [{ports: [{port: "80", endPort: 81}]}]}]
/// ```
///
/// Source: `pkg/policy/repository.go` of Cilium 1.20.2: the rules of a policy are a union.
final class Statements {

    /// Statements of one policy. Beyond it, which takes a rule of thousands of peers times hundreds
    /// of requests, it is compared as written.
    static final int MAX = 200_000;

    private final TreeSet<Statement> gathered = new TreeSet<>();
    private final Map<Numbers, Group> numbers = new HashMap<>();
    private final NamedRanges ranges = new NamedRanges();
    private int count;

    private record Numbers(
            String subject, String verdict, String conditions, String peer, String protocol) {}

    private record Group(Peer peer, List<Ports.Numbered> ports) {}

    void add(String text) {
        reserve(1);
        gathered.add(Statement.of(text));
    }

    /// Says this of each peer, each of the ports, under each of the conditions.
    void add(
            String subject,
            Section section,
            List<Peer> peers,
            List<Ports> ports,
            Set<String> conditions) {
        reserve((long) peers.size() * ports.size() * conditions.size());
        if (section.ingress() && !peers.isEmpty()) {
            ports.forEach(it -> ranges.add(subject, it));
        }
        for (var condition : conditions) {
            for (var port : ports) {
                for (var peer : peers) {
                    add(new Reach(subject, section.verdict(), peer, port, condition));
                }
            }
        }
    }

    private void add(Reach reach) {
        if (reach.ports() instanceof Ports.Numbered numbered) {
            var key =
                    new Numbers(
                            reach.subject(),
                            reach.verdict(),
                            reach.conditions(),
                            reach.peer().text(),
                            numbered.protocol());
            numbers.computeIfAbsent(key, _ -> new Group(reach.peer(), new ArrayList<>()))
                    .ports()
                    .add(numbered);
        } else {
            gathered.add(reach.statement());
        }
    }

    private void reserve(long more) {
        if (count + more > MAX) {
            throw new AsWrittenException("more than " + MAX + " statements");
        }
        count += (int) more;
    }

    Meaning meaning() {
        numbers.forEach(
                (key, group) ->
                        gathered.add(
                                new Reach(
                                                key.subject(),
                                                key.verdict(),
                                                group.peer(),
                                                joined(key.protocol(), group.ports()),
                                                key.conditions())
                                        .statement()));
        ranges.orders().map(Statement::of).forEach(gathered::add);
        return Meaning.of(gathered);
    }

    private static Ports joined(String protocol, List<Ports.Numbered> ports) {
        return ports.size() == 1
                ? ports.getFirst()
                : new Ports.Numbered(
                        protocol, ports.stream().flatMap(it -> it.ranges().stream()).toList());
    }
}
