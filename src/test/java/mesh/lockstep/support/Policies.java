package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.reading.PolicyReader;

/// Makes policies from what people write.
public final class Policies {

    public static final PolicyKey KEY =
            new PolicyKey(PolicyKey.Kind.NETWORK_POLICY, "default", "allow-api");

    private Policies() {}

    /// The policy `default/allow-api` with this spec.
    public static Policy withSpec(String spec) {
        return read(KEY, Yaml.read("spec:\n" + spec.indent(2)));
    }

    /// The policy `default/allow-api` that differs from others only in its port.
    public static Policy withPort(int port) {
        return withSpec(
                """
                endpointSelector: {matchLabels: {app: api}}
                ingress:
                - toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
                """
                        .formatted(port));
    }

    public static Policy read(PolicyKey key, JsonNode object) {
        return read(new PolicyReader(), key, object, Optional.empty());
    }

    /// Passes the tree through JSON, as everything that comes from an API server.
    ///
    /// @param readAsHere see [PolicyReader#read]
    public static Policy read(
            PolicyReader reader, PolicyKey key, JsonNode object, Optional<String> readAsHere) {
        try {
            return reader.read(key, StrictJson.read(Yaml.json(object)), readAsHere);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
