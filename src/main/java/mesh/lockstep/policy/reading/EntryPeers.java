package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

    /// A field that names peers.
    private enum Kind {
        ENDPOINTS("Endpoints", true),
        NODES("Nodes", true),
        ENTITIES("Entities", true),
        CIDR("CIDR", true),
        CIDR_SET("CIDRSet", true),
        FQDNS("FQDNs", false),
        GROUPS("Groups", false),
        SERVICES("Services", false);

        private static final List<Kind> ALL = List.of(values());

        private final String name;
        private final String from;
        private final String to;
        private final boolean closed;

        /// @param closed whether an empty list means nobody, rather than none
        Kind(String name, boolean closed) {
            this.name = name;
            this.from = "from" + name;
            this.to = "to" + name;
            this.closed = closed;
        }

        private JsonNode in(JsonNode entry, Section section) {
            return entry.path(section.ingress() ? from : to);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static EntryPeers of(JsonNode entry, Section section, PeerSelectors selectors) {
        var kinds = new ArrayList<Kind>();
        var closed = false;
        for (var kind : Kind.ALL) {
            var list = kind.in(entry, section);
            if (!list.isEmpty()) {
                kinds.add(kind);
            }
            closed |= kind.closed && list.isArray() && list.isEmpty();
        }
        if (kinds.size() > 1) {
            throw new AsWrittenException("peers of two kinds in one rule: " + kinds);
        }
        var read = new TreeSet<PolicyPeer>();
        for (var kind : kinds) {
            read(kind, kind.in(entry, section), selectors, read);
        }
        return new EntryPeers(
                !kinds.isEmpty() || closed, closed ? closed(kinds, read) : open(read));
    }

    private static void read(
            Kind kind, JsonNode list, PeerSelectors selectors, Collection<PolicyPeer> read) {
        var reserve = selectors.reserve();
        reserve.take(list.size(), Reserve.PEER);
        switch (kind) {
            case ENDPOINTS -> list.forEach(it -> selectors.endpoints(it).ifPresent(read::add));
            case NODES -> list.forEach(it -> selectors.nodes(it).ifPresent(read::add));
            case ENTITIES -> list.forEach(it -> read.addAll(Entities.peers(it.textValue())));
            case CIDR -> read.addAll(Cidrs.ofBlocks(list, reserve));
            case CIDR_SET -> read.addAll(Cidrs.ofSets(list, reserve));
            case FQDNS ->
                    list.forEach(
                            it -> read.add(new PolicyPeer.Named("name " + DnsNames.pattern(it))));
            case GROUPS -> list.forEach(it -> read.add(Groups.peer(it)));
            case SERVICES -> list.forEach(it -> read.add(Services.peer(it, reserve)));
        }
    }

    /// Nobody; but which services there are decides whether the empty list stays empty
    /// (`appendSelector` in `pkg/policy/k8s/service.go`).
    private static List<PolicyPeer> closed(List<Kind> kinds, Set<PolicyPeer> read) {
        return kinds.equals(List.of(Kind.SERVICES))
                ? read.stream()
                        .<PolicyPeer>map(
                                it -> new PolicyPeer.Named(it.text() + ", otherwise nobody"))
                        .sorted()
                        .toList()
                : List.of();
    }

    private static List<PolicyPeer> open(Set<PolicyPeer> read) {
        var everyone = PolicyPeer.Labelled.EVERYONE;
        return read.contains(everyone) ? List.of(everyone) : List.copyOf(read);
    }
}
