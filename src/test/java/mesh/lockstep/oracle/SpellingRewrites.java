package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Other spellings of values, and other fields for the same.
final class SpellingRewrites {

    static final List<Rewrite> ALL =
            List.of(
                    new Rewrite("respelled", SpellingRewrites::respell),
                    new Rewrite("respelled", SpellingRewrites::respell),
                    new Rewrite("block as set", SpellingRewrites::blockAsSet),
                    new Rewrite("name as pattern", SpellingRewrites::nameAsPattern),
                    new Rewrite("everyone named", SpellingRewrites::nameEveryone));

    private SpellingRewrites() {}

    /// Replaces one value by another of its class in the alphabet.
    private static boolean respell(ObjectNode policy, Dice dice) {
        var leaves = Place.all(policy, it -> it.value().isValueNode());
        for (var leaf : dice.shuffled(leaves)) {
            var other = Alphabet.respelled(leaf.field(), leaf.value(), dice);
            if (other.isPresent()) {
                leaf.put(other.get());
                return true;
            }
        }
        return false;
    }

    private static boolean blockAsSet(ObjectNode policy, Dice dice) {
        var lists = Place.all(policy, it -> it.field().endsWith("CIDR") && it.value().isArray());
        if (lists.isEmpty()) {
            return false;
        }
        var place = (Place.Property) dice.one(lists);
        var set = place.parent().putArray(place.name() + "Set");
        for (var block : place.value()) {
            set.addObject().set("cidr", block);
        }
        place.remove();
        return true;
    }

    private static boolean nameAsPattern(ObjectNode policy, Dice dice) {
        var names = Place.all(policy, it -> it.field().equals("matchName"));
        if (names.isEmpty()) {
            return false;
        }
        var name = (Place.Property) dice.one(names);
        name.parent().set("matchPattern", name.value());
        name.remove();
        return true;
    }

    /// A rule of ports alone is for everyone.
    private static boolean nameEveryone(ObjectNode policy, Dice dice) {
        var rules =
                Place.all(
                        policy,
                        it ->
                                it instanceof Place.Element
                                        && it.field().matches("(in|e)gress(Deny)?")
                                        && it.value().size() == 1
                                        && it.value().get("toPorts") instanceof ArrayNode ports
                                        && !ports.isEmpty());
        if (rules.isEmpty()) {
            return false;
        }
        var rule = dice.one(rules);
        var direction = rule.field().startsWith("ingress") ? "fromEntities" : "toEntities";
        var all = JsonNodeFactory.instance.arrayNode().add("all");
        ((ObjectNode) rule.value()).set(direction, all);
        return true;
    }
}
