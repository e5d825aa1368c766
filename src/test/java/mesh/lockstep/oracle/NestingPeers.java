package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Peers, and others within them: blocks and entities.
final class NestingPeers {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// @param field of a rule, without `from` and `to`
    record Peer(String field, JsonNode value) {

        private static Peer block(String block) {
            return new Peer("CIDR", NODES.textNode(block));
        }

        private static Peer block(String block, String except) {
            var set = NODES.objectNode().put("cidr", block);
            set.putArray("except").add(except);
            return new Peer("CIDRSet", set);
        }

        private static Peer entity(String name) {
            return new Peer("Entities", NODES.textNode(name));
        }

        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// @param inner are all within the outer one
    private record Nest(Peer outer, List<Peer> inner) {}

    private static final List<Nest> NESTS =
            List.of(
                    blocks(
                            "10.0.0.0/8",
                            Peer.block("10.1.0.0/16"),
                            Peer.block("10.1.2.0/24"),
                            Peer.block("10.1.0.0/16", "10.1.2.0/24"),
                            Peer.block("10.0.0.0/8", "10.2.0.0/16")),
                    blocks(
                            "10.1.0.0/16",
                            Peer.block("10.1.2.0/24"),
                            Peer.block("10.1.2.3/32"),
                            Peer.block("10.1.0.0/16", "10.1.3.0/24")),
                    blocks("fd00::/8", Peer.block("fd00:1::/32")),
                    blocks("0.0.0.0/1", Peer.block("10.0.0.0/8"), Peer.block("10.1.0.0/16")),
                    blocks("0.0.0.0/0", Peer.block("10.0.0.0/8"), Peer.block("10.1.0.0/16")),
                    entities("all", "world", "host", "cluster", "cluster-mesh", "remote-node"),
                    entities("all", "kube-apiserver", "health", "init", "ingress", "unmanaged"),
                    entities("cluster-mesh", "cluster", "host", "remote-node", "health"),
                    entities("cluster", "host", "remote-node", "init"));

    /// Neither within each other nor apart.
    private static final List<Peer> OTHERS =
            List.of(
                    new Peer("Endpoints", NODES.objectNode()),
                    new Peer("Endpoints", labeled()),
                    Peer.entity("world"),
                    Peer.entity("cluster"),
                    Peer.block("10.1.0.0/16"));

    private static final Peer NAME = new Peer("FQDNs", NODES.objectNode().put("matchName", "a.io"));

    private final Dice dice;
    private final boolean ingress;
    private final Nest nest;

    NestingPeers(Dice dice, boolean ingress) {
        this.dice = dice;
        this.ingress = ingress;
        nest = dice.one(NESTS);
    }

    Peer outer() {
        return nest.outer;
    }

    /// A peer within the outer one: another, or itself.
    Peer inner() {
        return dice.chance(10) ? nest.outer : dice.one(nest.inner);
    }

    /// One that may have to do with the two.
    Peer any(boolean deny) {
        return switch (dice.below(10)) {
            case 0, 1, 2 -> nest.outer;
            case 3, 4, 5, 6 -> dice.one(nest.inner);
            case 7 -> dice.one(NESTS).outer;
            case 8 -> dice.one(OTHERS);
            default -> ingress || deny ? dice.one(nest.inner) : NAME;
        };
    }

    /// Adds a peer, a block in either of its spellings: Cilium takes one kind of peers in an entry.
    void add(ObjectNode rule, Peer peer) {
        var from = ingress ? "from" : "to";
        var inSet = rule.has(from + "CIDRSet") || (rule.isEmpty() && dice.chance(30));
        if (peer.field.equals("CIDR") && inSet) {
            rule.withArrayProperty(from + "CIDRSet").addObject().set("cidr", peer.value);
        } else {
            rule.withArrayProperty(from + peer.field).add(peer.value.deepCopy());
        }
    }

    private static Nest blocks(String outer, Peer... inner) {
        return new Nest(Peer.block(outer), List.of(inner));
    }

    private static Nest entities(String outer, String... inner) {
        return new Nest(Peer.entity(outer), List.of(inner).stream().map(Peer::entity).toList());
    }

    private static ObjectNode labeled() {
        var selector = NODES.objectNode();
        selector.putObject("matchLabels").put("app", "a");
        return selector;
    }
}
