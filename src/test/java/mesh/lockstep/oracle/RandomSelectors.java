package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Label selectors.
final class RandomSelectors {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Dice dice;

    RandomSelectors(Dice dice) {
        this.dice = dice;
    }

    ObjectNode selector() {
        var selector = NODES.objectNode();
        if (dice.chance(25)) {
            return selector;
        }
        if (dice.chance(60)) {
            selector.set("matchLabels", labels());
        }
        if (dice.chance(45)) {
            selector.set("matchExpressions", expressions());
        }
        return selector;
    }

    /// A list with one selector or more; none at all now and then.
    ArrayNode selectors() {
        var list = NODES.arrayNode();
        for (var n = dice.chance(5) ? 0 : dice.few(3); n > 0; n--) {
            list.add(selector());
        }
        return list;
    }

    ObjectNode labels() {
        var labels = NODES.objectNode();
        for (var n = dice.chance(5) ? 0 : dice.few(2); n > 0; n--) {
            var key = key();
            labels.put(key, value(key));
        }
        return labels;
    }

    private ArrayNode expressions() {
        var list = NODES.arrayNode();
        for (var n = dice.chance(5) ? 0 : dice.few(2); n > 0; n--) {
            list.add(expression());
        }
        return list;
    }

    ObjectNode expression() {
        var key = key();
        var operator = Alphabet.text("operator", dice);
        var expression = NODES.objectNode().put("key", key).put("operator", operator);
        if (operator.endsWith("In")) {
            var values = expression.putArray("values");
            for (var n = dice.few(3); n > 0; n--) {
                values.add(value(key));
            }
        }
        return expression;
    }

    /// Mostly of the few that every policy speaks of.
    private String key() {
        return dice.chance(60) ? dice.one("app", "tier", "k8s:app") : Alphabet.text("key", dice);
    }

    private String value(String key) {
        if (dice.chance(90)) {
            if (key.endsWith("namespace")) {
                return dice.one("ns1", "ns2");
            }
            if (key.endsWith("cluster")) {
                return dice.one("c1", "c2");
            }
            if (key.startsWith("reserved:")) {
                return "";
            }
        }
        return dice.chance(90) ? dice.one("a", "b") : Alphabet.text("values", dice);
    }
}
