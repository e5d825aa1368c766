package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Predicate;

/// Protocols and ranges.
final class PortRewrites {

    static final List<Rewrite> ALL =
            List.of(
                    new Rewrite("any protocol named", PortRewrites::nameAny),
                    new Rewrite("any protocol spelled out", PortRewrites::spellOutAny),
                    new Rewrite("range split", PortRewrites::splitRange),
                    new Rewrite("range of one", PortRewrites::rangeOfOne));

    private PortRewrites() {}

    private static boolean nameAny(ObjectNode policy, Dice dice) {
        return atPort(
                policy,
                dice,
                port -> port.path("protocol").asText("ANY").equals("ANY"),
                place -> {
                    var port = (ObjectNode) place.value();
                    if (port.has("protocol")) {
                        port.remove("protocol");
                    } else {
                        port.put("protocol", "ANY");
                    }
                });
    }

    private static boolean spellOutAny(ObjectNode policy, Dice dice) {
        return atPort(
                policy,
                dice,
                port -> port.path("protocol").asText("ANY").equals("ANY"),
                place -> {
                    var port = (ObjectNode) place.value();
                    place.parent().add(port.deepCopy().put("protocol", "UDP"));
                    place.parent().add(port.deepCopy().put("protocol", "SCTP"));
                    port.put("protocol", "TCP");
                });
    }

    static boolean splitRange(ObjectNode policy, Dice dice) {
        return atPort(
                policy,
                dice,
                PortRewrites::isRange,
                place -> {
                    var port = (ObjectNode) place.value();
                    var first = Integer.parseInt(port.path("port").asText());
                    var last = port.path("endPort").asInt();
                    var middle = first + dice.below(last - first);
                    var rest = port.deepCopy().put("port", String.valueOf(middle + 1));
                    port.put("endPort", middle);
                    place.parent().add(rest);
                });
    }

    private static boolean isRange(ObjectNode port) {
        var first = port.path("port").asText();
        return first.matches("[1-9][0-9]{0,4}")
                && port.path("endPort").asInt() > Integer.parseInt(first);
    }

    /// An end that is not above the beginning does not count.
    private static boolean rangeOfOne(ObjectNode policy, Dice dice) {
        return atPort(
                policy,
                dice,
                port -> !port.has("endPort"),
                place -> ((ObjectNode) place.value()).put("endPort", dice.one(0, 1, 80)));
    }

    /// Changes one of the ports that are as asked for, if there is any.
    static boolean atPort(
            ObjectNode policy, Dice dice, Predicate<ObjectNode> which, Change change) {
        var ports =
                Place.all(
                        policy,
                        it ->
                                it instanceof Place.Element
                                        && it.field().equals("ports")
                                        && it.value() instanceof ObjectNode port
                                        && which.test(port));
        if (ports.isEmpty()) {
            return false;
        }
        change.apply((Place.Element) dice.one(ports));
        return true;
    }

    @FunctionalInterface
    interface Change {
        void apply(Place.Element port);
    }
}
