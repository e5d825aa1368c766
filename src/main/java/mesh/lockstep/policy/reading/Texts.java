package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Texts of a manifest on their way into statements.
final class Texts {

    private Texts() {}

    /// The object without the properties that are empty texts, which Cilium's types leave out.
    static JsonNode withoutEmpty(JsonNode object) {
        var copy = object.<ObjectNode>deepCopy();
        copy.properties()
                .removeIf(
                        property ->
                                property.getValue().isTextual()
                                        && property.getValue().asText().isEmpty());
        if (copy.has("secret")) {
            copy.set("secret", withoutEmpty(copy.path("secret")));
        }
        return copy;
    }

    /// The texts of a list, sorted, each once.
    static NavigableSet<String> set(JsonNode list) {
        var set = new TreeSet<String>();
        list.forEach(element -> set.add(element.textValue()));
        return set;
    }
}
