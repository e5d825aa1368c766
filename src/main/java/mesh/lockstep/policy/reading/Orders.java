package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Said;
import mesh.lockstep.policy.Statement.Traffic;

/// The two cases in which the order of rules matters, because Cilium keeps what it comes upon
/// first.
///
/// It keeps one of several ranges that one named port begins (`exactLookupFilter` in
/// `pkg/policy/l4.go`); on egress, only Envoy reads them. So
///
/// ```yaml
/// ports: [{port: http, endPort: 9000}, {port: http}]
/// ports: [{port: http}, {port: http, endPort: 9000}]
/// ```
///
/// are not the same. And everyone, and the CIDR groups that an empty selector selects, are one
/// entry in its cache of selectors (`SelectorKey` in `pkg/policy/api/selector.go` and `cidr.go`).
final class Orders {

    /// One selector to Cilium.
    static final Set<PolicyPeer> WILDCARDS =
            Set.of(PolicyPeer.Labelled.EVERYONE, new PolicyPeer.Named(Cidrs.ALL_GROUPS));

    private final SortedMap<String, Ranges> byName = new TreeMap<>();
    private final Set<String> wildcards = new LinkedHashSet<>();
    private final Reserve reserve;

    Orders(Reserve reserve) {
        this.reserve = reserve;
    }

    /// The ranges that one name begins, in the order of the rules.
    ///
    /// @param lasts where they end; 0 for none
    /// @param texts with the subjects
    private record Ranges(SortedSet<Integer> lasts, Set<String> texts) {}

    void add(List<PolicyPeer> peers) {
        for (var peer : peers) {
            if (WILDCARDS.contains(peer)) {
                wildcards.add(peer.text());
            }
        }
    }

    void add(Section section, String subject, List<Traffic> traffic) {
        for (var each : traffic) {
            if (each.ports() instanceof Ports.Named(var protocol, var name, var last)) {
                var range = (last == 0 ? "none" : "to " + last) + " for " + subject;
                var ranges =
                        byName.computeIfAbsent(
                                section.direction()
                                        + " "
                                        + new Ports.Named(protocol, name, 0).text(),
                                _ -> new Ranges(new TreeSet<>(), new LinkedHashSet<>()));
                ranges.lasts().add(last);
                if (ranges.texts().add(range)) {
                    reserve.take(range.length(), Character.BYTES);
                }
            }
        }
    }

    /// Whether everyone, where it is written, is everyone: not if it may be what an empty
    /// `cidrGroupSelector` selects.
    boolean everyoneIsMeant() {
        return wildcards.size() < 2;
    }

    /// One for each order that matters.
    List<Statement> statements() {
        var statements = new ArrayList<Statement>();
        byName.forEach(
                (name, ranges) -> {
                    if (ranges.lasts().size() > 1) {
                        statements.add(ordered("ranges from " + name, ranges.texts()));
                    }
                });
        if (wildcards.size() > 1) {
            statements.add(ordered("everyone", wildcards));
        }
        return statements;
    }

    private static Statement ordered(String what, Set<String> order) {
        return new Said(Stream.concat(Stream.of(what + ", in order"), order.stream()).toList());
    }
}
