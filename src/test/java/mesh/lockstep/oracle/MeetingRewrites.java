package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Other spellings of what decides where rules meet: ends of ports, empty lists next to services,
/// requests and labels that are there twice, entries that say nothing.
final class MeetingRewrites {

    static final List<Rewrite> ALL =
            List.of(
                    new Rewrite("peers split", SpecRewrites::splitPeers),
                    new Rewrite("ports split", SpecRewrites::splitPortRules),
                    new Rewrite("requests split", SpecRewrites::splitRequests),
                    new Rewrite("shuffled", OrderRewrites::shuffle),
                    new Rewrite("shuffled", OrderRewrites::shuffle),
                    new Rewrite("range split", PortRewrites::splitRange),
                    new Rewrite("range split", PortRewrites::splitRange),
                    new Rewrite("end said", MeetingRewrites::sayEnd),
                    new Rewrite("end below", MeetingRewrites::putEndBelow),
                    new Rewrite("end dropped", MeetingRewrites::dropEnd),
                    new Rewrite("request twice", MeetingRewrites::repeatRequest),
                    new Rewrite("empty list of peers", MeetingRewrites::otherEmptyList),
                    new Rewrite("label twice", MeetingRewrites::expressLabels),
                    new Rewrite("nothing said by nodes", MeetingRewrites::sayNothing));

    private MeetingRewrites() {}

    private static boolean sayEnd(ObjectNode policy, Dice dice) {
        return atPort(policy, dice, it -> !it.has("endPort"), it -> it.put("endPort", number(it)));
    }

    private static boolean putEndBelow(ObjectNode policy, Dice dice) {
        return atPort(
                policy,
                dice,
                it -> !it.has("endPort"),
                it -> it.put("endPort", Math.max(1, number(it) - 1)));
    }

    private static boolean dropEnd(ObjectNode policy, Dice dice) {
        return atPort(
                policy,
                dice,
                it -> it.has("endPort") && it.path("endPort").asInt() <= number(it),
                it -> it.remove("endPort"));
    }

    /// The number of a port; that of every port for a name.
    private static int number(ObjectNode port) {
        var text = port.path("port").asText();
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    }

    private static boolean atPort(
            ObjectNode policy,
            Dice dice,
            Predicate<ObjectNode> which,
            Consumer<ObjectNode> change) {
        return PortRewrites.atPort(
                policy, dice, which, it -> change.accept((ObjectNode) it.value()));
    }

    private static boolean repeatRequest(ObjectNode policy, Dice dice) {
        return one(Place.all(policy, it -> it.field().matches("http|dns") && isFilled(it)), dice)
                .map(place -> (ArrayNode) place.value())
                .map(list -> list.add(list.path(0).deepCopy()))
                .isPresent();
    }

    private static boolean isFilled(Place place) {
        return place.value() instanceof ArrayNode list && !list.isEmpty();
    }

    /// Next to services: a list less, or another one.
    private static boolean otherEmptyList(ObjectNode policy, Dice dice) {
        var rules =
                Place.all(
                        policy,
                        it ->
                                it instanceof Place.Element
                                        && it.value() instanceof ObjectNode rule
                                        && rule.has("toServices"));
        if (rules.isEmpty()) {
            return false;
        }
        var rule = (ObjectNode) dice.one(rules).value();
        var lists = List.of("toEndpoints", "toCIDRSet", "toEntities", "toNodes", "toCIDR");
        var others = lists.stream().filter(it -> !rule.has(it)).toList();
        rule.remove(lists);
        if (dice.chance(80)) {
            rule.putArray(dice.one(others));
        }
        return true;
    }

    /// Labels of CIDR groups as requirements.
    private static boolean expressLabels(ObjectNode policy, Dice dice) {
        var selectors =
                Place.all(
                        policy,
                        it ->
                                it.field().equals("cidrGroupSelector")
                                        && it.value().get("matchLabels") instanceof ObjectNode);
        if (selectors.isEmpty()) {
            return false;
        }
        var selector = (ObjectNode) dice.one(selectors).value();
        var labels = selector.remove("matchLabels");
        var expressions = selector.withArrayProperty("matchExpressions");
        for (var label : labels.properties()) {
            var expression = expressions.addObject().put("key", label.getKey());
            expression.put("operator", "In").putArray("values").add(label.getValue());
        }
        return true;
    }

    /// An entry of empty ports is for nobody, whoever its peers are.
    private static boolean sayNothing(ObjectNode policy, Dice dice) {
        return one(Place.all(policy, it -> it.field().matches("(in|e)gress") && isFilled(it)), dice)
                .map(
                        place -> {
                            var entry = ((ArrayNode) place.value()).addObject();
                            var from = place.field().equals("ingress") ? "from" : "to";
                            if (dice.chance(50)) {
                                entry.putArray(from + "Nodes").addObject();
                            }
                            return entry.putArray("toPorts").addObject();
                        })
                .isPresent();
    }

    private static Optional<Place> one(List<Place> places, Dice dice) {
        return places.isEmpty() ? Optional.empty() : Optional.of(dice.one(places));
    }
}
