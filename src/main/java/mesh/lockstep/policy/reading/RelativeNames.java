package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import mesh.lockstep.policy.ClusterName;

/// A relative policy (`lockstep.mesh/relative: "true"`): where it names the cluster that holds it,
/// it means "here", so that in cluster1 and in cluster2
///
/// ```yaml
/// io.cilium.k8s.policy.cluster: cluster1      io.cilium.k8s.policy.cluster: cluster2
/// ```
///
/// say the same. The label is Cilium's `PolicyLabelCluster` (`pkg/k8s/apis/cilium.io/const.go`,
/// v1.20.2), with or without a source before it; it stands in `matchLabels` or is the key of an
/// expression.
final class RelativeNames {

    private static final String LABEL = "io.cilium.k8s.policy.cluster";

    /// No label has such a value.
    private static final TextNode HERE = TextNode.valueOf("<here>");

    private final String name;

    private RelativeNames(String name) {
        this.name = name;
    }

    /// The same tree with the name of its cluster read as "here".
    static JsonNode readAsHere(ClusterName holder, JsonNode object) {
        var copy = object.deepCopy();
        new RelativeNames(holder.value()).rewrite(copy);
        return copy;
    }

    private void rewrite(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().stream()
                    .filter(it -> isLabel(it.getKey()) && isName(it.getValue()))
                    .forEach(it -> it.setValue(HERE));
            if (isLabel(object.path("key").asText())
                    && object.path("values") instanceof ArrayNode values) {
                rewriteValues(values);
            }
        }
        node.forEach(this::rewrite);
    }

    private void rewriteValues(ArrayNode values) {
        for (int i = 0; i < values.size(); i++) {
            if (isName(values.get(i))) {
                values.set(i, HERE);
            }
        }
    }

    private static boolean isLabel(String key) {
        return key.equals(LABEL) || key.equals("k8s:" + LABEL) || key.equals("any:" + LABEL);
    }

    private boolean isName(JsonNode node) {
        return node.isTextual() && node.textValue().equals(name);
    }
}
