package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.support.Yaml;

/// Policies that an API server accepts from anyone who may write them in one namespace, and that
/// are hard to read: they make much of little, or a pattern takes long.
final class HardToRead {

    private HardToRead() {}

    /// By their names.
    static Map<String, JsonNode> all() {
        var all = new LinkedHashMap<String, String>();
        all.put(
                "subject-times-entries",
                """
                endpointSelector: {matchExpressions: [{key: app, operator: NotIn, values: [%s]}]}
                ingress: [%s]
                """
                        .formatted(
                                list(3_200, i -> "value-number-" + i),
                                list(
                                        1_500,
                                        i ->
                                                "{fromCIDR: [10.%d.%d.0/24], toPorts: [{ports: [{port: \"%d\"}]}]}"
                                                        .formatted(i / 250, i % 250, i + 1))));
        all.put("letters-in-a-path", http("{path: \"%s\"}".formatted("a".repeat(9_000))));
        all.put("letters-in-a-method", http("{method: \"%s\"}".formatted("A".repeat(5_000))));
        all.put("stars-in-a-path", http("{path: \"%s\"}".formatted(".*".repeat(5_000))));
        all.put(
                "colons-in-a-header",
                http("{headers: [\"%sx y\"]}".formatted(":".repeat(1_000_000))));
        all.put(
                "underscores-in-a-port",
                "{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"0x%sz\"}]}]}]}"
                        .formatted("1_".repeat(3_000)));
        all.put(
                "exceptions",
                "{endpointSelector: {}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [%s]}]}]}"
                        .formatted(
                                list(
                                        60_000,
                                        i ->
                                                "10.%d.%d.%d/32"
                                                        .formatted(
                                                                i >> 16, i >> 8 & 255, i & 255))));
        all.put(
                "labels",
                "{endpointSelector: {}, ingress: [%s]}"
                        .formatted(
                                list(
                                        300,
                                        i ->
                                                "{fromEndpoints: [{matchLabels: {%s}}]}"
                                                        .formatted(
                                                                list(
                                                                        40,
                                                                        j ->
                                                                                "l%d: v%d-%d"
                                                                                        .formatted(
                                                                                                j,
                                                                                                i,
                                                                                                j))))));
        all.put(
                "peers-times-requests",
                "{endpointSelector: {}, ingress: [{fromCIDR: [%s], toPorts: [%s]}]}"
                        .formatted(
                                list(400, i -> "10.%d.%d.0/24".formatted(i / 250, i % 250)),
                                list(
                                        40,
                                        i ->
                                                "{ports: [{port: \"%d\", protocol: TCP}], rules: {http: [%s]}}"
                                                        .formatted(
                                                                i + 1,
                                                                list(
                                                                        100,
                                                                        j ->
                                                                                "{path: /p%d/%d}"
                                                                                        .formatted(
                                                                                                i,
                                                                                                j))))));
        all.put(
                "empty-rules",
                "{endpointSelector: {}, ingress: [%s]}".formatted(list(300_000, _ -> "{}")));
        var policies = new LinkedHashMap<String, JsonNode>();
        all.forEach((name, spec) -> policies.put(name, policy(name, spec)));
        return policies;
    }

    /// The same, and one more thing that it lets through.
    static JsonNode changed(JsonNode policy) {
        var changed = policy.<ObjectNode>deepCopy();
        ((ObjectNode) changed.get("spec"))
                .putArray("egress")
                .addObject()
                .putArray("toEntities")
                .add("world");
        return changed;
    }

    private static String http(String rule) {
        return """
        endpointSelector: {}
        ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [%s]}}]}]
        """
                .formatted(rule);
    }

    private static String list(int number, IntFunction<String> element) {
        return IntStream.range(0, number).mapToObj(element).collect(Collectors.joining(", "));
    }

    private static JsonNode policy(String name, String spec) {
        var policy =
                (ObjectNode) Yaml.read("{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy}");
        policy.putObject("metadata").put("name", name).put("namespace", "default");
        return policy.set("spec", Yaml.read(spec));
    }
}
