package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.PolicyPeer.Addresses;
import mesh.lockstep.policy.PolicyPeer.Labelled;
import mesh.lockstep.policy.PolicyPeer.Named;
import mesh.lockstep.policy.Statement;

/// Rules of which Cilium makes one filter where their peers and ports are written alike, and
/// otherwise several that let other requests pass: `mergePortProto` in `pkg/policy/rule.go`,
/// `upsert` in `pkg/policy/l4.go`. Some it takes in one order only, and some contradict each other,
/// so that it makes nothing of the policy. So next to
///
/// ```yaml
/// {toFQDNs: [{matchName: a.b}], toPorts: [{ports: [{port: "443"}], serverNames: [a.b]}]}
/// ```
///
/// these two, which say the same elsewhere, do not:
///
/// ```yaml
/// {toFQDNs: [{matchName: a.b}], toPorts: [{ports: [{port: "443"}]}]}
/// {toFQDNs: [{matchPattern: a.b}], toPorts: [{ports: [{port: "443", endPort: 443}]}]}
/// ```
///
/// Of such rules it counts how the ports and peers that they share are written.
final class MergedFilters {

    private static final PolicyPeer SERVICE = new Named("any service");
    private static final PolicyPeer RESOLVED = new Named("what a service may have");

    private final List<Filter> filters = new ArrayList<>();
    private final IdentityHashMap<JsonNode, List<PeerAsWritten>> peersOfEntry =
            new IdentityHashMap<>();
    private final Contention contention;
    private final Reserve reserve;

    MergedFilters(Reserve reserve) {
        this.reserve = reserve;
        this.contention = new Contention(filters, reserve);
    }

    private record Occurrence(Filter filter, PeerAsWritten peer) {

        boolean isOfSamePeer(Occurrence other) {
            return peer.peer().equals(other.peer.peer());
        }
    }

    /// The rules of one direction that ask for the same.
    private record Group(boolean ingress, Asked asked) implements Comparable<Group> {

        private static final Comparator<Group> ORDER =
                Comparator.comparing(Group::ingress).thenComparing(Group::asked);

        @Override
        public int compareTo(Group other) {
            return ORDER.compare(this, other);
        }

        boolean clashes(Group other, boolean contended) {
            return ingress == other.ingress && (contended || !asked.agrees(other.asked));
        }
    }

    /// Takes a rule, even for nobody: Cilium rejects contradictions there as well.
    ///
    /// @param filter by its number
    void add(IntFunction<Filter> filter) {
        filters.add(filter.apply(filters.size()));
    }

    /// Whether all rules of a section ask for the same. Where Cilium drops one for another, they
    /// have to ask for the same requests.
    boolean agree(Section section) {
        var rules =
                filters.stream()
                        .filter(filter -> filter.section() == section && filter.saysAnything())
                        .toList();
        var swallowing = contention.isAnySwallowed(rules);
        return rules.stream().allMatch(filter -> filter.asksLike(rules.getFirst(), swallowing));
    }

    /// What counts as written; empty where nothing is joined.
    List<Statement> statements(Nesting nesting) {
        var joined = new JoinedFilters(reserve);
        var groups = groups();
        var asked = List.copyOf(groups.keySet());
        var indexes = new TreeMap<Group, SortedMap<PolicyPeer, List<Occurrence>>>();
        for (int i = 0; i < asked.size(); i++) {
            for (int j = i; j < asked.size(); j++) {
                reserve.take(1, Reserve.STEP);
                var contended = contention.isIn(asked.get(i).ingress());
                if (asked.get(i).clashes(asked.get(j), contended)) {
                    var others =
                            indexes.computeIfAbsent(
                                    asked.get(j),
                                    group -> index(groups.getOrDefault(group, List.of())));
                    for (var filter : groups.getOrDefault(asked.get(i), List.of())) {
                        join(filter, others, joined);
                    }
                }
            }
        }
        var statements = new ArrayList<>(joined.statements());
        statements.addAll(new Authentications(filters, reserve).statements());
        statements.addAll(new DnsTables(filters, reserve).statements(nesting));
        statements.addAll(new Redirects(filters, this::peers, reserve).statements());
        return statements;
    }

    private Map<Group, List<Filter>> groups() {
        var groups = new TreeMap<Group, List<Filter>>();
        for (var filter : filters) {
            groups.computeIfAbsent(
                            new Group(filter.section().ingress(), filter.asked()),
                            _ -> new ArrayList<>())
                    .add(filter);
        }
        return groups;
    }

    private List<PeerAsWritten> peers(Filter filter) {
        return peersOfEntry.computeIfAbsent(filter.entry(), _ -> filter.peersAsWritten());
    }

    private SortedMap<PolicyPeer, List<Occurrence>> index(List<Filter> some) {
        var index = new TreeMap<PolicyPeer, List<Occurrence>>();
        for (var filter : some) {
            for (var peer : peers(filter)) {
                for (var each : found(peer.peer())) {
                    reserve.take(1, Reserve.ELEMENT);
                    index.computeIfAbsent(each, _ -> new ArrayList<>(1))
                            .add(new Occurrence(filter, peer));
                }
            }
        }
        return index;
    }

    private void join(
            Filter filter, SortedMap<PolicyPeer, List<Occurrence>> others, JoinedFilters joined) {
        for (var peer : peers(filter)) {
            for (var each : sought(peer.peer())) {
                for (var other : others.getOrDefault(each, List.of())) {
                    join(new Occurrence(filter, peer), other, joined);
                }
            }
        }
    }

    /// Under what a peer is found. A service may have any pods and addresses, and whoever has ports
    /// and none of those is everyone.
    private static List<PolicyPeer> found(PolicyPeer peer) {
        return switch (peer) {
            case Named named when Services.isOne(named) -> List.of(peer, SERVICE, RESOLVED);
            case Named _ -> List.of(peer);
            case Labelled _, Addresses _ -> List.of(peer, RESOLVED);
        };
    }

    /// Under what others are sought that may be the same.
    private static List<PolicyPeer> sought(PolicyPeer peer) {
        return switch (peer) {
            case Named named when Services.isOne(named) -> List.of(RESOLVED);
            case Named _ -> List.of(peer);
            case Labelled _, Addresses _ -> List.of(peer, SERVICE);
        };
    }

    private void join(Occurrence one, Occurrence other, JoinedFilters joined) {
        reserve.take(one.filter().steps(other.filter()), Reserve.STEP);
        var contended = contention.isIn(one.filter().section().ingress());
        if (!one.filter().clashes(other.filter(), contended)) {
            return;
        }
        var sequence = one.filter().sequence(other.filter());
        for (var ours : one.filter().keys()) {
            for (var theirs : other.filter().keys()) {
                reserve.take(1, Reserve.STEP);
                if (ours.meets(theirs)) {
                    joined.add(ours, one.peer(), one.filter(), sequence);
                    joined.add(theirs, other.peer(), other.filter(), sequence);
                    if (sequence != Sequence.NONE
                            && ours.equals(theirs)
                            && !one.isOfSamePeer(other)) {
                        joined.add(ours, one.peer().as(other.peer()), one.filter(), sequence);
                        joined.add(ours, other.peer().as(one.peer()), other.filter(), sequence);
                    }
                }
            }
        }
    }
}
