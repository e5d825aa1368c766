package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/// One small change to a policy that mostly changes its meaning.
final class LeafChange {

    private static final Map<String, String> OTHER_SECTION =
            Map.of(
                    "ingress", "ingressDeny",
                    "ingressDeny", "ingress",
                    "egress", "egressDeny",
                    "egressDeny", "egress");

    private LeafChange() {}

    /// Changes the policy in place.
    ///
    /// @return what was done, for reports; empty where nothing was
    static Optional<String> apply(ObjectNode policy, boolean clusterwide, Dice dice) {
        return switch (dice.below(12)) {
            case 0, 1, 2, 3, 4, 5 -> replaceValue(policy, dice);
            case 6, 7 -> remove(policy, dice);
            case 8 -> empty(policy, dice);
            case 9 -> renameKey(policy, dice);
            case 10 -> moveSection(policy, dice);
            default -> addRule(policy, clusterwide, dice);
        };
    }

    private static Optional<String> replaceValue(ObjectNode policy, Dice dice) {
        var leaves =
                Place.all(policy, it -> it.value().isValueNode() && !it.field().equals("ccnp"));
        if (leaves.isEmpty()) {
            return Optional.empty();
        }
        var leaf = dice.one(leaves);
        var other =
                leaf.value().isBoolean()
                        ? Optional.of(BooleanNode.valueOf(!leaf.value().asBoolean()))
                        : Alphabet.other(leaf.field(), leaf.value(), dice);
        other.ifPresent(leaf::put);
        return other.map(_ -> "other " + leaf.field());
    }

    private static Optional<String> remove(ObjectNode policy, Dice dice) {
        var places =
                Place.all(
                        policy,
                        it ->
                                !it.above().isEmpty()
                                        && !it.field().endsWith("Selector")
                                        && !it.field().equals("ccnp"));
        if (places.isEmpty()) {
            return Optional.empty();
        }
        var place = dice.one(places);
        place.remove();
        return Optional.of("without " + place.field());
    }

    private static Optional<String> empty(ObjectNode policy, Dice dice) {
        var lists =
                Place.all(policy, it -> it.value() instanceof ArrayNode list && !list.isEmpty());
        if (lists.isEmpty()) {
            return Optional.empty();
        }
        var list = dice.one(lists);
        ((ArrayNode) list.value()).removeAll();
        return Optional.of("empty " + list.field());
    }

    private static Optional<String> renameKey(ObjectNode policy, Dice dice) {
        var labels =
                Place.all(
                        policy,
                        it -> it.field().equals("matchLabels") && it.above().equals("matchLabels"));
        if (labels.isEmpty()) {
            return Optional.empty();
        }
        var label = (Place.Property) dice.one(labels);
        var value = label.value();
        label.remove();
        label.parent().set(Alphabet.text("key", dice), value);
        return Optional.of("other label");
    }

    private static Optional<String> moveSection(ObjectNode policy, Dice dice) {
        var sections = Place.all(policy, it -> isSection(it));
        if (sections.isEmpty()) {
            return Optional.empty();
        }
        var section = (Place.Property) dice.one(sections);
        var other = OTHER_SECTION.getOrDefault(section.name(), section.name());
        var moved = section.value();
        section.remove();
        section.parent().withArrayProperty(other).addAll((ArrayNode) moved);
        return Optional.of(other + " for " + section.name());
    }

    private static Optional<String> addRule(ObjectNode policy, boolean clusterwide, Dice dice) {
        var sections = Place.all(policy, it -> isSection(it));
        if (sections.isEmpty()) {
            return Optional.empty();
        }
        var section = dice.one(sections);
        var ingress = section.field().startsWith("ingress");
        var rule =
                new RandomPolicies(dice, clusterwide)
                        .rule(ingress, section.field().endsWith("Deny"));
        ((ArrayNode) section.value()).add(rule);
        return Optional.of("a rule more");
    }

    private static boolean isSection(Place place) {
        return place instanceof Place.Property
                && place.value().isArray()
                && OTHER_SECTION.containsKey(place.field());
    }
}
