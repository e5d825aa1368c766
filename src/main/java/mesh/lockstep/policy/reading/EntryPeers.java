package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import mesh.lockstep.policy.PolicyPeer;

/// The peers of one entry of a section: who may connect, or be connected to.
///
/// Source: `mergeEndpointSelectors` in `pkg/policy/utils/parserules.go` of Cilium 1.20.2. Without
/// any field of peers, everyone is meant; a list that is there and empty means nobody, except of
/// DNS names, groups and services, where it is as good as absent:
///
/// ```yaml
/// toPorts: [...]        toFQDNs: []              fromEntities: [all, host]
///                       toPorts: [...]           toPorts: [...]
/// ```
///
/// @param given whether any field names peers; if not, `peers` is empty and means everyone
/// @param peers sorted, each once; given and empty means nobody
record EntryPeers(boolean given, List<PolicyPeer> peers) {

    /// Empty and present means nobody.
    private static final List<String> CLOSED =
            List.of("Endpoints", "Nodes", "Entities", "CIDR", "CIDRSet");

    /// Empty means absent.
    private static final List<String> OPEN = List.of("FQDNs", "Groups", "Services");

    /// @param side `from` or `to`
    static EntryPeers of(JsonNode entry, String side, PeerSelectors selectors) {
        var reserve = selectors.reserve();
        var kinds =
                Stream.concat(CLOSED.stream(), OPEN.stream())
                        .filter(it -> !entry.path(side + it).isEmpty())
                        .toList();
        if (kinds.size() > 1) {
            throw new AsWrittenException("peers of two kinds in one rule: " + kinds);
        }
        kinds.forEach(it -> reserve.take(entry.path(side + it).size(), Reserve.PEER));
        var read = new TreeSet<PolicyPeer>();
        entry.path(side + "Endpoints").forEach(it -> selectors.endpoints(it).ifPresent(read::add));
        entry.path(side + "Nodes").forEach(it -> selectors.nodes(it).ifPresent(read::add));
        entry.path(side + "Entities").forEach(it -> read.addAll(Entities.peers(it.textValue())));
        read.addAll(Cidrs.peers(entry.path(side + "CIDR"), entry.path(side + "CIDRSet"), reserve));
        entry.path(side + "FQDNs")
                .forEach(it -> read.add(new PolicyPeer.Named("name " + DnsNames.pattern(it))));
        entry.path(side + "Groups").forEach(it -> read.add(Groups.peer(it)));
        entry.path(side + "Services").forEach(it -> read.add(Services.peer(it, reserve)));
        var closed = CLOSED.stream().anyMatch(it -> isPresentAndEmpty(entry.path(side + it)));
        return new EntryPeers(
                !kinds.isEmpty() || closed, closed ? closed(kinds, read) : open(read));
    }

    /// Nobody; but which services there are decides whether the empty list stays empty
    /// (`appendSelector` in `pkg/policy/k8s/service.go`).
    private static List<PolicyPeer> closed(List<String> kinds, Set<PolicyPeer> read) {
        return kinds.equals(List.of("Services"))
                ? read.stream()
                        .<PolicyPeer>map(
                                it -> new PolicyPeer.Named(it.text() + ", otherwise nobody"))
                        .sorted()
                        .toList()
                : List.of();
    }

    private static boolean isPresentAndEmpty(JsonNode list) {
        return list.isArray() && list.isEmpty();
    }

    private static List<PolicyPeer> open(Set<PolicyPeer> read) {
        var everyone = PolicyPeer.Labelled.EVERYONE;
        return read.contains(everyone) ? List.of(everyone) : List.copyOf(read);
    }
}
