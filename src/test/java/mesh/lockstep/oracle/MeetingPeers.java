package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Peers that are the same, or overlap: few of each kind.
final class MeetingPeers {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<ObjectNode> SELECTORS =
            List.of(
                    NODES.objectNode(),
                    labels("app", "a"),
                    labels("app", "b"),
                    labels("k8s:app", "a"),
                    labels("tier", "a"),
                    labels("app", "a").deepCopy().set("matchExpressions", NODES.arrayNode()));

    private static final List<ObjectNode> GROUPS =
            List.of(
                    selected(labels("x", "a")),
                    selected(labels("cidrgroup:x", "a")),
                    selected(labels("x", "b")),
                    selected(twice("a", "b")),
                    selected(twice("a", "a")),
                    selected(NODES.objectNode()));

    private static final List<ObjectNode> SERVICES =
            List.of(
                    named("db", "ns1"),
                    named("gone", "ns1"),
                    named("db", "ns2"),
                    named("db", ""),
                    bySelector("a"));

    private final Dice dice;

    MeetingPeers(Dice dice) {
        this.dice = dice;
    }

    /// Adds them, or none.
    void addTo(ObjectNode rule, boolean ingress, boolean deny) {
        var from = ingress ? "from" : "to";
        switch (dice.below(ingress ? 16 : 26)) {
            case 0, 1 -> {}
            case 2, 3, 4, 5, 6 ->
                    rule.set(from + "Endpoints", RandomMeetings.some(dice, SELECTORS));
            case 7, 8, 9 ->
                    rule.putArray(from + "Entities")
                            .add(dice.one("all", "cluster", "world", "host", "none"));
            case 10, 11 -> rule.putArray(from + "CIDR").add(dice.one("10.0.0.0/8", "10.1.0.0/16"));
            case 12, 13 -> rule.set(from + "CIDRSet", RandomMeetings.some(dice, GROUPS));
            case 14 -> rule.set(from + "Nodes", RandomMeetings.some(dice, SELECTORS));
            case 15 -> rule.putArray(from + dice.one("Endpoints", "Nodes", "CIDR"));
            case 16, 17 -> {
                if (!deny) {
                    rule.putArray("toFQDNs")
                            .addObject()
                            .put(dice.one("matchName", "matchPattern"), "a.io");
                }
            }
            default -> {
                rule.set("toServices", RandomMeetings.some(dice, SERVICES));
                if (dice.chance(60)) {
                    rule.putArray("to" + dice.one("Endpoints", "CIDRSet", "Entities", "Nodes"));
                }
            }
        }
    }

    private static ObjectNode labels(String key, String value) {
        var selector = NODES.objectNode();
        selector.putObject("matchLabels").put(key, value);
        return selector;
    }

    /// One label with two values.
    private static ObjectNode twice(String one, String other) {
        var selector = NODES.objectNode();
        selector.putObject("matchLabels").put("x", one).put("cidrgroup:x", other);
        return selector;
    }

    private static ObjectNode selected(ObjectNode selector) {
        return NODES.objectNode().set("cidrGroupSelector", selector);
    }

    private static ObjectNode named(String name, String namespace) {
        var service = NODES.objectNode();
        service.putObject("k8sService").put("serviceName", name).put("namespace", namespace);
        return service;
    }

    private static ObjectNode bySelector(String value) {
        var service = NODES.objectNode();
        var selector = service.putObject("k8sServiceSelector").put("namespace", "ns1");
        selector.putObject("selector").putObject("matchLabels").put("app", value);
        return service;
    }
}
