package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Requirements of selectors.
final class SelectorRewrites {

    static final List<Rewrite> ALL =
            List.of(
                    new Rewrite("label as expression", SelectorRewrites::labelAsExpression),
                    new Rewrite("expression as label", SelectorRewrites::expressionAsLabel),
                    new Rewrite("key respelled", SelectorRewrites::respellKey),
                    new Rewrite("exists besides", SelectorRewrites::addExists),
                    new Rewrite("values split", SelectorRewrites::splitValues),
                    new Rewrite("own namespace named", SelectorRewrites::nameNamespace));

    /// A label of a selector.
    private record Label(ObjectNode selector, String key) {

        ObjectNode labels() {
            return (ObjectNode) selector.path("matchLabels");
        }
    }

    /// An expression of a selector.
    private record Expression(ObjectNode selector, int index) {

        ArrayNode expressions() {
            return (ArrayNode) selector.path("matchExpressions");
        }

        ObjectNode value() {
            return (ObjectNode) expressions().get(index);
        }
    }

    private SelectorRewrites() {}

    private static boolean labelAsExpression(ObjectNode policy, Dice dice) {
        var labels = labels(policy);
        if (labels.isEmpty()) {
            return false;
        }
        var label = dice.one(labels);
        var value = label.labels().remove(label.key());
        addExpression(label.selector(), label.key(), "In").putArray("values").add(value);
        return true;
    }

    private static boolean expressionAsLabel(ObjectNode policy, Dice dice) {
        var expressions = expressions(policy, "In", it -> it.size() == 1);
        if (expressions.isEmpty()) {
            return false;
        }
        var expression = dice.one(expressions);
        var labels = expression.selector().withObjectProperty("matchLabels");
        var key = expression.value().path("key").asText();
        if (labels.has(key)) {
            return false;
        }
        labels.set(key, expression.value().path("values").get(0));
        expression.expressions().remove(expression.index());
        return true;
    }

    private static boolean respellKey(ObjectNode policy, Dice dice) {
        var labels = labels(policy);
        if (labels.isEmpty()) {
            return false;
        }
        var label = dice.one(labels);
        var key = JsonNodeFactory.instance.textNode(label.key());
        var other = Alphabet.respelled("key", key, dice);
        if (other.isEmpty() || label.labels().has(other.get().asText())) {
            return false;
        }
        label.labels().set(other.get().asText(), label.labels().remove(label.key()));
        return true;
    }

    private static boolean addExists(ObjectNode policy, Dice dice) {
        var labels = labels(policy);
        if (labels.isEmpty()) {
            return false;
        }
        var label = dice.one(labels);
        addExpression(label.selector(), label.key(), "Exists");
        return true;
    }

    /// `NotIn [a, b]` is `NotIn [a]` and `NotIn [b]`.
    private static boolean splitValues(ObjectNode policy, Dice dice) {
        var expressions = expressions(policy, "NotIn", it -> it.size() > 1);
        if (expressions.isEmpty()) {
            return false;
        }
        var expression = dice.one(expressions);
        var taken = ((ArrayNode) expression.value().path("values")).remove(0);
        var other = expression.value().deepCopy();
        other.putArray("values").add(taken);
        expression.expressions().add(other);
        return true;
    }

    private static boolean nameNamespace(ObjectNode policy, Dice dice) {
        var peers =
                Place.all(
                        policy,
                        it -> it instanceof Place.Element && it.field().endsWith("Endpoints"));
        if (peers.isEmpty() || policy.has("ccnp")) {
            return false;
        }
        var labels = ((ObjectNode) dice.one(peers).value()).withObjectProperty("matchLabels");
        labels.put(dice.one("", "k8s:", "any:") + "io.kubernetes.pod.namespace", "ns1");
        return true;
    }

    private static List<Label> labels(ObjectNode policy) {
        var labels = new ArrayList<Label>();
        for (var place : Place.all(policy)) {
            if (place.value() instanceof ObjectNode selector
                    && selector.get("matchLabels") instanceof ObjectNode all) {
                all.fieldNames().forEachRemaining(key -> labels.add(new Label(selector, key)));
            }
        }
        return labels;
    }

    private static List<Expression> expressions(
            ObjectNode policy, String operator, Predicate<JsonNode> values) {
        var expressions = new ArrayList<Expression>();
        for (var place : Place.all(policy)) {
            if (place.value() instanceof ObjectNode selector
                    && selector.get("matchExpressions") instanceof ArrayNode all) {
                for (var i = 0; i < all.size(); i++) {
                    if (all.get(i).path("operator").asText().equals(operator)
                            && values.test(all.get(i).path("values"))) {
                        expressions.add(new Expression(selector, i));
                    }
                }
            }
        }
        return expressions;
    }

    private static ObjectNode addExpression(ObjectNode selector, String key, String operator) {
        return selector.withArrayProperty("matchExpressions")
                .addObject()
                .put("key", key)
                .put("operator", operator);
    }
}
