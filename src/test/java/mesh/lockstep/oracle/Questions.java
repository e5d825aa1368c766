package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/// What the rules of a policy ask for besides peers and ports.
final class Questions {

    private static final List<String> REQUESTS = List.of("http", "dns");

    private Questions() {}

    /// Whether rules that allow in one direction ask for different things: not only for other
    /// requests or names, which are put together, unless one is written twice.
    static boolean differ(ObjectNode policy) {
        return specs(policy)
                .flatMap(spec -> Stream.of(spec.path("ingress"), spec.path("egress")))
                .anyMatch(Questions::differ);
    }

    private static Stream<JsonNode> specs(ObjectNode policy) {
        return Stream.concat(Stream.of(policy.path("spec")), policy.path("specs").valueStream());
    }

    private static boolean differ(JsonNode rules) {
        var lists = Place.all(rules, it -> REQUESTS.contains(it.field()) && it.value().isArray());
        var repeats =
                lists.stream()
                        .map(Place::value)
                        .anyMatch(it -> it.valueStream().distinct().count() < it.size());
        return rules.valueStream().flatMap(it -> questions(it, repeats)).distinct().count() > 1;
    }

    private static Stream<JsonNode> questions(JsonNode rule, boolean repeats) {
        var portRules = rule.path("toPorts");
        var all =
                portRules.isEmpty()
                        ? Stream.of(JsonNodeFactory.instance.objectNode())
                        : portRules.valueStream();
        return all.map(it -> question(rule, it, repeats));
    }

    private static JsonNode question(JsonNode rule, JsonNode portRule, boolean repeats) {
        var question = JsonNodeFactory.instance.objectNode();
        question.set("authentication", rule.path("authentication"));
        for (var asked : List.of("terminatingTLS", "originatingTLS", "listener")) {
            question.set(asked, portRule.path(asked));
        }
        question.put("serverNames", portRule.has("serverNames"));
        for (var kind : REQUESTS) {
            var requests = portRule.path("rules").path(kind);
            question.put(kind, !requests.isEmpty());
            if (repeats) {
                var each = question.putArray(kind + " each");
                requests.valueStream()
                        .map(JsonNode::toString)
                        .distinct()
                        .sorted()
                        .forEach(each::add);
            }
        }
        return question;
    }
}
