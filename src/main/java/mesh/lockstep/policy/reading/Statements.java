package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.Peer;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Traffic;

/// Gathers what a policy says, whichever rule says it, and however often.
///
/// Source: `pkg/policy/repository.go` of Cilium 1.20.2: the rules of a policy are a union, so that
///
/// ```yaml
/// ingress: [{fromEntities: [host]}, {fromEntities: [world]}]
/// ingress: [{fromEntities: [world, host, host]}]
/// ```
///
/// say the same.
final class Statements {

    /// Peers, and kinds of traffic, that are put together. Beyond it, which takes thousands of
    /// peers in as many combinations of rules, a policy is compared as written.
    static final int MAX = 200_000;

    private final TreeSet<Statement> gathered = new TreeSet<>();
    private final Map<Rights.Frame, Rights> rights = new HashMap<>();
    private final Orders orders = new Orders();
    private final MergedFilters merged = new MergedFilters();
    private int count;

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
        if (peers.isEmpty() || ports.isEmpty()) {
            return;
        }
        reserve(peers.size() + (long) ports.size() * conditions.size());
        orders.add(peers);
        if (section.ingress()) {
            orders.add(subject, ports);
        }
        var traffic = new ArrayList<Traffic>();
        for (var condition : conditions) {
            ports.forEach(it -> traffic.add(new Traffic(it, condition)));
        }
        rights.computeIfAbsent(new Rights.Frame(subject, section.verdict()), Rights::new)
                .add(peers, traffic);
    }

    /// Remembers a port rule that allows, and may be joined with others.
    void add(MergedFilters.Rule rule) {
        merged.add(rule);
    }

    /// Fails before the work is done.
    private void reserve(long more) {
        if (count + more > MAX) {
            throw new AsWrittenException("too many combinations of peers, ports and requests");
        }
        count += (int) more;
    }

    Meaning meaning() {
        for (var of : rights.values()) {
            gathered.addAll(of.statements(this::reserve));
        }
        Stream.concat(orders.texts(), merged.text().stream())
                .map(Statement::of)
                .forEach(gathered::add);
        return Meaning.of(gathered);
    }
}
