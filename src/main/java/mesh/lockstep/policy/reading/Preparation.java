package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;
import java.util.Set;

/// What happens to a rule before it is read: null properties are removed, `family: IPv4` is added,
/// and this cluster's name becomes "here" where the policy is relative.
///
/// The first two are what an API server does before a webhook sees an object
/// (`customresource_handler.go` and `schema/defaulting/prunenulls.go` of
/// `k8s.io/apiextensions-apiserver`, v0.36.3; the default is in Cilium's CRD), so
///
/// ```yaml
/// matchLabels: {app: null}    icmps: [{fields: [{type: 8}]}]
/// matchLabels: {}             icmps: [{fields: [{type: 8, family: IPv4}]}]
/// ```
///
/// say the same, one above the other.
///
/// @param readAsHere the name that means "here"
record Preparation(Optional<String> readAsHere) {

    /// The selectors whose labels are not those of pods or nodes.
    private static final Set<String> OTHER_SELECTORS =
            Set.of("cidrGroupSelector", "k8sServiceSelector");

    /// A copy of the rule, as it is to be read.
    ///
    /// Recursion is safe: StrictJson bounds the depth of every tree that gets in.
    JsonNode prepared(JsonNode rule) {
        return prepared(rule, true);
    }

    /// @param inSelector whether a cluster's label may be one of a pod or node
    private JsonNode prepared(JsonNode node, boolean inSelector) {
        return switch (node) {
            case ObjectNode object -> object(object, inSelector);
            case ArrayNode array -> {
                var prepared = JsonNodeFactory.instance.arrayNode(array.size());
                for (var element : array) {
                    prepared.add(prepared(element, inSelector));
                }
                yield prepared;
            }
            default -> node;
        };
    }

    private ObjectNode object(ObjectNode object, boolean inSelector) {
        var prepared = JsonNodeFactory.instance.objectNode();
        var namesCluster = inSelector && Labels.isCluster(object.path("key").asText());
        for (var property : object.properties()) {
            var key = property.getKey();
            var value = property.getValue();
            if (value.isNull()) {
                continue;
            }
            if (namesCluster && key.equals("values")) {
                prepared.set(key, names(value));
            } else if (inSelector && key.equals("matchLabels") && value.isObject()) {
                prepared.set(key, labels(value));
            } else {
                prepared.set(key, prepared(value, inSelector && !OTHER_SELECTORS.contains(key)));
            }
        }
        if (prepared.path("icmps").isArray()) {
            addFamilies(prepared.path("icmps"));
        }
        return prepared;
    }

    private JsonNode labels(JsonNode labels) {
        var prepared = JsonNodeFactory.instance.objectNode();
        for (var label : labels.properties()) {
            if (!label.getValue().isNull()) {
                var isCluster = Labels.isCluster(label.getKey());
                prepared.set(label.getKey(), isCluster ? name(label.getValue()) : label.getValue());
            }
        }
        return prepared;
    }

    private JsonNode names(JsonNode names) {
        if (!names.isArray()) {
            return names;
        }
        var prepared = JsonNodeFactory.instance.arrayNode(names.size());
        names.forEach(name -> prepared.add(name(name)));
        return prepared;
    }

    private JsonNode name(JsonNode name) {
        if (name.isTextual() && readAsHere.filter(name.textValue()::equals).isPresent()) {
            return TextNode.valueOf(Labels.HERE);
        }
        // Writing the placeholder does not give you its meaning.
        return Labels.HERE.equals(name.textValue())
                ? TextNode.valueOf(Labels.HERE + " as written")
                : name;
    }

    /// Into what is a copy already.
    private static void addFamilies(JsonNode icmps) {
        for (var rule : icmps) {
            for (var field : rule.path("fields")) {
                if (field instanceof ObjectNode object && !object.has("family")) {
                    object.put("family", "IPv4");
                }
            }
        }
    }
}
