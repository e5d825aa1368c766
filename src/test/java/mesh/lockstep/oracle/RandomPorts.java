package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Ports, ICMP types and what is asked of the proxy.
final class RandomPorts {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Dice dice;
    private final RandomProxying proxying;

    RandomPorts(Dice dice) {
        this.dice = dice;
        proxying = new RandomProxying(dice);
    }

    /// Adds ports or ICMP types, or neither.
    void addTo(ObjectNode rule, boolean ingress, boolean deny) {
        if (dice.chance(15)) {
            rule.set("icmps", icmps());
        } else if (dice.chance(65)) {
            rule.set("toPorts", portRules(ingress, deny));
        }
    }

    private ArrayNode portRules(boolean ingress, boolean deny) {
        var list = NODES.arrayNode();
        for (var n = dice.chance(4) ? 0 : dice.few(2); n > 0; n--) {
            var rule = list.addObject();
            if (dice.chance(4)) {
                continue;
            }
            if (!deny && dice.chance(35)) {
                proxying.addTo(rule, ingress);
            } else {
                rule.set("ports", ports());
            }
        }
        return list;
    }

    private ArrayNode ports() {
        var list = NODES.arrayNode();
        for (var n = dice.chance(4) ? 0 : dice.few(3); n > 0; n--) {
            list.add(port());
        }
        return list;
    }

    private ObjectNode port() {
        var number = dice.chance(60) ? dice.one("80", "81", "443") : Alphabet.text("port", dice);
        var port = NODES.objectNode().put("port", number);
        if (dice.chance(25)) {
            port.set("endPort", Alphabet.any("endPort", dice));
        }
        if (dice.chance(75)) {
            port.put("protocol", dice.chance(55) ? "TCP" : Alphabet.text("protocol", dice));
        }
        return port;
    }

    private ArrayNode icmps() {
        var list = NODES.arrayNode();
        for (var n = dice.chance(4) ? 0 : dice.few(2); n > 0; n--) {
            var rule = list.addObject();
            if (dice.chance(4)) {
                continue;
            }
            var fields = rule.putArray("fields");
            for (var m = dice.chance(4) ? 0 : dice.few(2); m > 0; m--) {
                fields.add(icmp());
            }
        }
        return list;
    }

    private ObjectNode icmp() {
        var field = NODES.objectNode();
        if (dice.chance(50)) {
            field.put("family", Alphabet.text("family", dice));
        }
        // A name of the other family is refused; these are names of both.
        var inBoth = dice.one("EchoRequest", "EchoReply", "DestinationUnreachable");
        return dice.chance(40)
                ? field.put("type", inBoth)
                : field.<ObjectNode>set("type", Alphabet.any("type", dice));
    }
}
