package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.PolicyPeer;

/// The peers of one entry of a section: who may connect, or be connected to.
///
/// Source: `mergeEndpointSelectors` in `pkg/policy/utils/parserules.go` of Cilium. Without any
/// field of peers, everyone is meant; a list that is there and empty means nobody, except of DNS
/// names, groups and services, where it is as good as absent:
///
/// ```yaml
/// toPorts: [...]        toFQDNs: []              fromEntities: [all]
///                       toPorts: [...]           toPorts: [...]
/// ```
///
/// Services are replaced by what they have in the cluster (`processRule` in
/// `pkg/policy/k8s/service.go`), before the rest is read. Where all services of an entry have
/// nothing, an entry with ports is left without peers, and so means everyone; an empty list next to
/// them may get something in it or not. So the services of such an entry are one peer, together.
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

    private static final List<PeerAsWritten> EVERYONE =
            List.of(new PeerAsWritten(PolicyPeer.Labelled.EVERYONE, ""));

    /// What services have comes into these lists: pods of those with a selector, and addresses.
    private static final Set<Kind> FILLED_BY_SERVICES = EnumSet.of(Kind.ENDPOINTS, Kind.CIDR_SET);

    static EntryPeers of(JsonNode entry, Section section, PeerSelectors selectors) {
        var kinds = EnumSet.noneOf(Kind.class);
        var empty = EnumSet.noneOf(Kind.class);
        for (var kind : Kind.ALL) {
            var list = kind.in(entry, section);
            if (!list.isEmpty()) {
                kinds.add(kind);
            } else if (kind.closed && list.isArray()) {
                empty.add(kind);
            }
        }
        if (kinds.size() > 1) {
            throw new AsWrittenException("peers of two kinds in one rule: " + kinds);
        }
        var read = new TreeSet<PolicyPeer>();
        for (var kind : kinds) {
            read(kind, kind.in(entry, section), selectors, read);
        }
        var given = !kinds.isEmpty() || !empty.isEmpty();
        if (kinds.contains(Kind.SERVICES) && section.allows()) {
            var hasPorts = !entry.path("toPorts").isEmpty() || !entry.path("icmps").isEmpty();
            return new EntryPeers(given, services(read, hasPorts, empty));
        }
        return new EntryPeers(given, empty.isEmpty() ? List.copyOf(read) : List.of());
    }

    private static void read(
            Kind kind, JsonNode list, PeerSelectors selectors, Collection<PolicyPeer> read) {
        var reserve = selectors.reserve();
        reserve.take(list.size(), Reserve.PEER);
        switch (kind) {
            case ENDPOINTS -> list.forEach(node -> selectors.endpoints(node).ifPresent(read::add));
            case NODES -> list.forEach(node -> selectors.nodes(node).ifPresent(read::add));
            case ENTITIES -> list.forEach(node -> read.addAll(Entities.peers(node.textValue())));
            case CIDR -> read.addAll(Cidrs.ofBlocks(list, reserve));
            case CIDR_SET -> read.addAll(Cidrs.ofSets(list, reserve));
            case FQDNS ->
                    list.forEach(
                            node ->
                                    read.add(
                                            new PolicyPeer.Named(
                                                    "name " + DnsNames.pattern(node))));
            case GROUPS -> list.forEach(node -> read.add(Groups.peer(node)));
            case SERVICES -> list.forEach(node -> read.add(Services.peer(node, reserve)));
        }
    }

    /// The peers of an entry one by one, none dropped for another: each has filters of its own. One
    /// that nobody is has them too. Into which lists services come is a part of their spelling.
    static List<PeerAsWritten> asWritten(JsonNode entry, Section section, PeerSelectors selectors) {
        var filled = new StringBuilder();
        for (var kind : Kind.ALL) {
            var list = kind.in(entry, section);
            if (kind.closed && list.isArray() && list.isEmpty()) {
                if (entry.path("toServices").isEmpty() || !FILLED_BY_SERVICES.contains(kind)) {
                    return List.of();
                }
                filled.append(" into ").append(kind);
            }
        }
        var written = new ArrayList<PeerAsWritten>();
        for (var kind : Kind.ALL) {
            for (var element : kind.in(entry, section)) {
                add(kind, element, filled.toString(), selectors, written);
            }
        }
        return written.isEmpty() ? EVERYONE : written;
    }

    private static void add(
            Kind kind,
            JsonNode element,
            String filled,
            PeerSelectors selectors,
            List<PeerAsWritten> written) {
        var peers = new ArrayList<PolicyPeer>();
        read(kind, JsonNodeFactory.instance.arrayNode().add(element), selectors, peers);
        var spelling = kind + " " + CanonicalJson.unordered(element) + filled;
        if (peers.isEmpty()) {
            peers.add(new PolicyPeer.Named("nobody, as " + spelling));
        }
        for (var peer : peers) {
            written.add(
                    Orders.WILDCARDS.contains(peer)
                            ? EVERYONE.getFirst()
                            : new PeerAsWritten(peer, spelling));
        }
    }

    /// @param empty the lists next to them that mean nobody, if nothing comes into them
    private static List<PolicyPeer> services(
            Set<PolicyPeer> read, boolean hasPorts, Set<Kind> empty) {
        if (empty.isEmpty()) {
            return hasPorts ? List.of(Services.together(read)) : List.copyOf(read);
        }
        var nobody = ", nobody without " + empty;
        return FILLED_BY_SERVICES.containsAll(empty)
                ? List.of(new PolicyPeer.Named(Services.together(read).text() + nobody))
                : List.of();
    }
}
