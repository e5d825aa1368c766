package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Makes AdmissionReviews as kube-apiserver 1.36 sends them.
public final class Reviews {

    private Reviews() {}

    public static ObjectNode create(JsonNode object) {
        return review("CREATE", object, null);
    }

    public static ObjectNode update(JsonNode before, JsonNode after) {
        return review("UPDATE", after, before);
    }

    public static ObjectNode delete(JsonNode before) {
        return review("DELETE", null, before);
    }

    /// The policy `default/allow-api` with an own port.
    public static JsonNode policy(int port) {
        return Yaml.read(
                """
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: allow-api, namespace: default}
                spec:
                  endpointSelector: {matchLabels: {app: api}}
                  ingress:
                  - toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
                """
                        .formatted(port));
    }

    /// The `request` of a review, to be spoiled.
    public static ObjectNode request(ObjectNode review) {
        return (ObjectNode) review.get("request");
    }

    public static byte[] bytes(JsonNode review) {
        return Yaml.json(review);
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode review(
            String operation, @Nullable JsonNode object, @Nullable JsonNode oldObject) {
        var policy = object == null ? oldObject : object;
        if (policy == null) {
            throw new IllegalArgumentException("a review is about an object");
        }
        var namespace = policy.path("metadata").path("namespace").asText();
        var review = JsonNodeFactory.instance.objectNode();
        review.put("kind", "AdmissionReview").put("apiVersion", "admission.k8s.io/v1");
        var request = review.putObject("request");
        request.put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002");
        request.putObject("kind")
                .put("group", "cilium.io")
                .put("version", "v2")
                .put("kind", policy.path("kind").asText());
        request.putObject("resource")
                .put("group", "cilium.io")
                .put("version", "v2")
                .put("resource", plural(policy));
        request.put("name", policy.path("metadata").path("name").asText());
        if (!namespace.isEmpty()) {
            request.put("namespace", namespace);
        }
        request.put("operation", operation);
        request.putObject("userInfo").put("username", "jane").putArray("groups").add("admins");
        request.set("object", object == null ? JsonNodeFactory.instance.nullNode() : object);
        request.set(
                "oldObject", oldObject == null ? JsonNodeFactory.instance.nullNode() : oldObject);
        request.put("dryRun", false);
        return review;
    }

    private static String plural(JsonNode policy) {
        return policy.path("kind").asText().equals("CiliumClusterwideNetworkPolicy")
                ? "ciliumclusterwidenetworkpolicies"
                : "ciliumnetworkpolicies";
    }
}
