package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.oracle.NestingPeers.Peer;
import mesh.lockstep.oracle.NestingPorts.Range;

/// Pairs about a peer within another: the second policy names it where the first has the outer one
/// alone, or joins what the first says of both. What is said of others is in both.
final class RandomNestings {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// How the second policy names the inner peer.
    private enum Way {
        IN_THE_ENTRY,
        IN_ANOTHER,
        WITH_SOME_PORTS,
        APART_FOR_OTHER_PORTS
    }

    /// @param asked fields of a port rule
    /// @param authentication a mode; empty for none
    private record Condition(ObjectNode asked, String authentication) {
        private static final Condition NONE = new Condition(NODES.objectNode(), "");
    }

    private final Dice dice;
    private final boolean ingress;
    private final boolean deny;
    private final int authenticated;
    private final NestingPeers peers;
    private final NestingPorts ports;

    private RandomNestings(Dice dice) {
        this.dice = dice;
        ingress = dice.chance(40);
        deny = dice.chance(12);
        authenticated = dice.chance(35) ? 67 : 6;
        peers = new NestingPeers(dice, ingress);
        ports = new NestingPorts(dice, ingress);
    }

    /// The pair of this index, whichever were made before it.
    static Pair pair(long seed, long index) {
        return new RandomNestings(Dice.of(seed, index)).draw("nesting-" + seed + "-" + index);
    }

    /// Whether the two may differ to us alone: in what is compared as written, or because rules ask
    /// for different things, so that nobody is within another.
    static boolean isExplained(Pair pair) {
        return pair.differOnlyAsWritten()
                || Questions.differ(pair.a())
                || Questions.differ(pair.b());
    }

    private Pair draw(String id) {
        var way = dice.one(Way.values());
        var inner = peers.inner();
        var range = ports.range();
        var condition = deny ? Condition.NONE : condition();
        var outer = rule(outerPeers(), range, condition);
        var a = new ArrayList<>(List.of(outer));
        var b = new ArrayList<ObjectNode>();
        switch (way) {
            case IN_THE_ENTRY -> b.add(joined(outer, inner));
            case IN_ANOTHER -> b.addAll(List.of(outer, rule(inner, range, condition)));
            case WITH_SOME_PORTS ->
                    b.addAll(List.of(outer, rule(inner, ports.within(range), condition)));
            case APART_FOR_OTHER_PORTS -> {
                var apart = rule(inner, ports.range(), condition);
                a.add(apart);
                b.addAll(List.of(joined(outer, inner), apart));
            }
        }
        var how = way + " " + ports.theme() + " " + peers.outer() + " > " + inner;
        return pair(id, how, a, b, condition);
    }

    private Pair pair(
            String id, String how, List<ObjectNode> a, List<ObjectNode> b, Condition condition) {
        var allowed = others(dice.below(4), condition);
        var denied = deny || dice.chance(15) ? denied(dice.few(2)) : List.<ObjectNode>of();
        var same = deny ? denied : allowed;
        a.addAll(same);
        b.addAll(same);
        var spec = spec();
        var first = spec.deepCopy();
        var second = spec.deepCopy();
        fill(first, deny, mixed(a));
        fill(second, deny, mixed(b));
        fill(first, !deny, deny ? allowed : denied);
        fill(second, !deny, deny ? allowed : denied);
        return new Pair(id, how, policy(first), policy(second));
    }

    private List<Peer> outerPeers() {
        return dice.chance(25) ? List.of(peers.outer(), peers.any(true)) : List.of(peers.outer());
    }

    private Condition condition() {
        var mode = dice.chance(authenticated) ? dice.one("required", "disabled") : "";
        return new Condition(ports.asked(), mode);
    }

    /// Rules that allow, some under conditions that differ from this one in authentication at most.
    private List<ObjectNode> others(int count, Condition like) {
        var rules = new ArrayList<ObjectNode>();
        for (var n = count; n > 0; n--) {
            var mode = dice.one(like.authentication, "", "required", "disabled");
            var condition = dice.chance(30) ? new Condition(like.asked, mode) : condition();
            var some =
                    dice.chance(20)
                            ? List.of(peers.any(true), peers.any(true))
                            : List.of(peers.any(false));
            rules.add(rule(some, ports.range(), condition));
        }
        return rules;
    }

    private List<ObjectNode> denied(int count) {
        var rules = new ArrayList<ObjectNode>();
        for (var n = count; n > 0; n--) {
            rules.add(rule(peers.any(true), ports.range(), Condition.NONE));
        }
        return rules;
    }

    private ObjectNode rule(Peer peer, Range range, Condition condition) {
        return rule(List.of(peer), range, condition);
    }

    private ObjectNode rule(List<Peer> some, Range range, Condition condition) {
        var rule = NODES.objectNode();
        some.forEach(it -> peers.add(rule, it));
        ports.add(rule, range, condition.asked);
        if (!condition.authentication.isEmpty()) {
            rule.putObject("authentication").put("mode", condition.authentication);
        }
        return rule;
    }

    private ObjectNode joined(ObjectNode rule, Peer peer) {
        var joined = rule.deepCopy();
        peers.add(joined, peer);
        return joined;
    }

    private List<ObjectNode> mixed(List<ObjectNode> rules) {
        return dice.chance(55) ? dice.shuffled(rules) : rules;
    }

    private void fill(ObjectNode spec, boolean denying, List<ObjectNode> rules) {
        if (!rules.isEmpty()) {
            var section = spec.putArray((ingress ? "ingress" : "egress") + (denying ? "Deny" : ""));
            rules.forEach(it -> section.add(it.deepCopy()));
        }
    }

    private ObjectNode spec() {
        var spec = NODES.objectNode();
        var selector = spec.putObject("endpointSelector");
        if (dice.chance(30)) {
            selector.putObject("matchLabels").put("app", "a");
        }
        return spec;
    }

    private static ObjectNode policy(ObjectNode spec) {
        return NODES.objectNode().set("spec", spec);
    }
}
