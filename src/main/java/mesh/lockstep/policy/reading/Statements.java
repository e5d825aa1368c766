package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import mesh.lockstep.policy.AsWritten;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Said;
import mesh.lockstep.policy.Statement.Traffic;

/// Gathers what a policy says, whichever rule says it, and however often.
///
/// Source: `pkg/policy/repository.go` of Cilium: the rules of a policy are a union, so that
///
/// ```yaml
/// ingress: [{fromEntities: [host]}, {fromEntities: [world]}]
/// ingress: [{fromEntities: [world, host, host]}]
/// ```
///
/// say the same.
final class Statements {

    private final TreeSet<Statement> gathered = new TreeSet<>();
    private final SortedMap<Rights.Frame, Rights> rights = new TreeMap<>();
    private final Orders orders;
    private final MergedFilters merged;
    private final Reserve reserve;
    private Optional<AsWritten> part = Optional.empty();

    Statements(Reserve reserve) {
        this.reserve = reserve;
        this.orders = new Orders(reserve);
        this.merged = new MergedFilters(reserve);
    }

    /// Says this in words alone.
    ///
    /// @param words each [mesh.lockstep.policy.Abridged]
    void add(String... words) {
        reserve.take(words.length, Reserve.PEER);
        gathered.add(new Said(List.of(words)));
    }

    /// Remembers that a part is compared as written. The first is enough for people.
    void addPart(AsWritten written) {
        part = part.or(() -> Optional.of(written));
    }

    /// Each of the ports, under each of the conditions.
    List<Traffic> combined(List<Ports> ports, List<List<String>> conditions) {
        reserve.take((long) ports.size() * conditions.size(), Reserve.TRAFFIC);
        var combined = new ArrayList<Traffic>();
        for (var condition : conditions) {
            for (var port : ports) {
                combined.add(new Traffic(port, condition));
            }
        }
        return combined;
    }

    /// Says this of each peer.
    void add(String subject, Section section, List<PolicyPeer> peers, List<Traffic> traffic) {
        if (peers.isEmpty() || traffic.isEmpty()) {
            return;
        }
        reserve.take(peers.size(), Reserve.ELEMENT);
        orders.add(peers);
        orders.add(section, subject, traffic);
        rights.computeIfAbsent(
                        new Rights.Frame(subject, section), frame -> new Rights(frame, reserve))
                .add(peers, traffic);
    }

    /// Remembers a rule that allows, and may be joined with others.
    ///
    /// @param rule by its number
    void add(IntFunction<Filter> rule) {
        merged.add(rule);
    }

    /// What is denied is so without a condition.
    private Nesting nesting(Section section) {
        var agree = !section.allows() || merged.agree(section);
        return new Nesting(agree, orders.everyoneIsMeant());
    }

    Meaning meaning() {
        // Looked up once for all subjects.
        var nestings = new EnumMap<Section, Nesting>(Section.class);
        for (var of : rights.entrySet()) {
            var nesting = nestings.computeIfAbsent(of.getKey().section(), this::nesting);
            gathered.addAll(of.getValue().statements(nesting));
        }
        gathered.addAll(orders.statements());
        gathered.addAll(merged.statements(nesting(Section.EGRESS)));
        var meaning = Meaning.of(gathered);
        return part.map(meaning::with).orElse(meaning);
    }
}
