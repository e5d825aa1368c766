package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/// Policies whose rules meet: they speak of few ports, spelled in several ways, and of peers that
/// are the same or overlap, and ask for different things. There are contradictions among them.
final class RandomMeetings {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<Rewrite> REWRITES =
            Stream.of(Pair.REWRITES, MeetingRewrites.ALL, MeetingRewrites.ALL, MeetingRewrites.ALL)
                    .flatMap(List::stream)
                    .toList();

    /// All of a rule but its peers.
    private static final List<String> ASKED = List.of("toPorts", "authentication");

    private final Dice dice;
    private final boolean clusterwide;
    private final MeetingPeers peers;
    private final MeetingPorts ports;

    RandomMeetings(Dice dice, boolean clusterwide) {
        this.dice = dice;
        this.clusterwide = clusterwide;
        peers = new MeetingPeers(dice);
        ports = new MeetingPorts(dice);
    }

    /// The pair of this index, whichever were made before it: other ones than [Pair#random] makes.
    static Pair pair(long seed, long index) {
        var dice = Dice.of(-seed, index);
        var pair = draw("meeting-" + seed + "-" + index, dice);
        while (pair.isAmbiguous()) {
            pair = draw("meeting-" + seed + "-" + index, dice);
        }
        return pair;
    }

    private static Pair draw(String id, Dice dice) {
        var clusterwide = dice.chance(10);
        var a = new RandomMeetings(dice, clusterwide).policy();
        var b = a.deepCopy();
        var how = new StringBuilder();
        Pair.rewrite(b, REWRITES, dice, how);
        if (dice.chance(25)) {
            Pair.change(b, clusterwide, dice, how);
        }
        return new Pair(id, how.toString(), a, b);
    }

    ObjectNode policy() {
        var policy = NODES.objectNode();
        if (clusterwide) {
            policy.put("ccnp", true);
        }
        if (dice.chance(85)) {
            policy.set("spec", spec());
            return policy;
        }
        policy.putArray("specs").add(spec()).add(spec());
        return policy;
    }

    private ObjectNode spec() {
        var spec = NODES.objectNode();
        var selector = spec.putObject("endpointSelector");
        if (dice.chance(20)) {
            selector.putObject("matchLabels").put("app", dice.one("a", "b"));
        }
        var ingress = dice.chance(30);
        var rules = spec.putArray(ingress ? "ingress" : "egress");
        var theme = ports.theme(ingress);
        for (var n = 1 + dice.few(3); n > 0; n--) {
            var rule = rule(ingress, theme);
            rules.add(!rules.isEmpty() && dice.chance(45) ? forThoseOf(rules, rule) : rule);
        }
        if (dice.chance(8)) {
            var denied = spec.putArray(ingress ? "ingressDeny" : "egressDeny").addObject();
            peers.addTo(denied, ingress, true);
            denied.putArray("toPorts").addObject().set("ports", ports.ports(theme));
        }
        return spec;
    }

    private ObjectNode rule(boolean ingress, MeetingPorts.Theme theme) {
        var rule = NODES.objectNode();
        peers.addTo(rule, ingress, false);
        if (dice.chance(94)) {
            var portRules = rule.putArray("toPorts");
            for (var n = dice.few(2); n > 0; n--) {
                portRules.add(ports.rule(theme));
            }
        } else if (dice.chance(50)) {
            rule.putArray("toPorts").addObject();
        }
        if (dice.chance(theme == MeetingPorts.Theme.PLAIN ? 25 : 4)) {
            rule.putObject("authentication").put("mode", dice.one("required", "disabled"));
        }
        return rule;
    }

    /// The rule for the peers of one of the others, or that one with other requests.
    private ObjectNode forThoseOf(ArrayNode others, ObjectNode rule) {
        var made = (ObjectNode) others.get(dice.below(others.size())).deepCopy();
        if (dice.chance(50)) {
            ports.replaceRequests(made);
            return made;
        }
        return made.remove(ASKED).setAll(rule.deepCopy().retain(ASKED));
    }

    /// A list of one element or two of these.
    static ArrayNode some(Dice dice, List<ObjectNode> of) {
        var list = NODES.arrayNode();
        dice.shuffled(of).stream().limit(dice.few(2)).forEach(it -> list.add(it.deepCopy()));
        return list;
    }
}
