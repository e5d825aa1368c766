package mesh.lockstep.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import mesh.lockstep.policy.StrictJson;

/// A policy of about this many bytes, of rules as people write them: selectors, blocks of
/// addresses, names, ports, requests.
final class SizedPolicy {

    private static final int MAX_RULES = 30; // of one spec

    private final ObjectNode object = JsonNodeFactory.instance.objectNode();
    private int number;

    private SizedPolicy() {}

    /// The object as JSON.
    ///
    /// @param bytes at least; a rule more at most
    static byte[] of(int bytes) throws IOException {
        var policy = new SizedPolicy();
        var size = 0;
        policy.object.put("apiVersion", "cilium.io/v2").put("kind", "CiliumNetworkPolicy");
        policy.object.putObject("metadata").put("name", "p").put("namespace", "shop");
        var specs = policy.object.putArray("specs");
        while (size < bytes) {
            var spec = specs.addObject();
            spec.putObject("endpointSelector").putObject("matchLabels").put("app", "web");
            for (var n = 0; n < MAX_RULES && size < bytes; n++) {
                size += StrictJson.write(policy.addRule(spec)).length;
            }
        }
        return StrictJson.write(policy.object);
    }

    private ObjectNode addRule(ObjectNode spec) {
        number++;
        return switch (number % 4) {
            case 0 -> endpoints(spec.withArrayProperty("ingress").addObject());
            case 1 -> blocks(spec.withArrayProperty("egress").addObject());
            case 2 -> names(spec.withArrayProperty("egress").addObject());
            default -> requests(spec.withArrayProperty("ingress").addObject());
        };
    }

    private ObjectNode endpoints(ObjectNode rule) {
        var selectors = rule.putArray("fromEndpoints");
        for (var n = 0; n < 2; n++) {
            var selector = selectors.addObject();
            selector.putObject("matchLabels").put("app", "client-" + number).put("tier", "t" + n);
            selector.putArray("matchExpressions")
                    .addObject()
                    .put("key", "stage")
                    .put("operator", "In")
                    .putArray("values")
                    .add("prod")
                    .add("canary");
        }
        port(rule, 8000 + number % 50);
        return rule;
    }

    private ObjectNode blocks(ObjectNode rule) {
        var sets = rule.putArray("toCIDRSet");
        for (var n = 0; n < 3; n++) {
            var block = "10." + number % 250 + "." + n;
            sets.addObject()
                    .put("cidr", block + ".0/24")
                    .putArray("except")
                    .add(block + ".16/28")
                    .add(block + ".32/28");
        }
        port(rule, 5432);
        return rule;
    }

    private ObjectNode names(ObjectNode rule) {
        var names = rule.putArray("toFQDNs");
        names.addObject().put("matchName", "api-" + number + ".example.com");
        names.addObject().put("matchPattern", "*.region-" + number + ".example.com");
        port(rule, 443);
        return rule;
    }

    private ObjectNode requests(ObjectNode rule) {
        var client = rule.putArray("fromEndpoints").addObject();
        client.putObject("matchLabels").put("app", "client-" + number);
        var http = port(rule, 8080).putObject("rules").putArray("http");
        for (var n = 0; n < 3; n++) {
            http.addObject().put("method", "GET").put("path", "/v1/things/" + number + "/" + n);
        }
        return rule;
    }

    private static ObjectNode port(ObjectNode rule, int port) {
        var portRule = rule.putArray("toPorts").addObject();
        ArrayNode ports = portRule.putArray("ports");
        ports.addObject().put("port", String.valueOf(port)).put("protocol", "TCP");
        return portRule;
    }
}
