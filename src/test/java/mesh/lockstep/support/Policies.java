package mesh.lockstep.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import mesh.lockstep.difference.Differ;
import mesh.lockstep.difference.Difference;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.policy.reading.Settings;

/// Makes policies from what people write.
public final class Policies {

    public static final PolicyKey KEY =
            new PolicyKey(PolicyKey.Kind.CILIUM_NETWORK_POLICY, "default", "allow-api");

    private Policies() {}

    /// The policy `default/allow-api` with this spec.
    public static Policy withSpec(String spec) {
        return read(KEY, Yaml.read("spec:\n" + spec.indent(2)));
    }

    /// Where two policies part: all places, however long that takes.
    public static List<Difference> differences(Policy here, Policy there) {
        var differences = Differ.between(here, there, Deadline.in(Duration.ofMinutes(5)));
        assertThat(differences.complete()).isTrue();
        assertThat(differences.more()).isZero();
        return differences.places();
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

    /// The manifest of a policy in the namespace `default` that differs from others of its name
    /// only in its port.
    public static String manifest(String name, int port) {
        return """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: %s, namespace: default}
        spec:
          endpointSelector: {matchLabels: {app: api}}
          ingress:
          - toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
        """
                .formatted(name, port);
    }

    /// The policy `default/allow-api` with this port, with a revision that somebody wrote, as it is
    /// read at that time.
    public static Policy withRevision(int port, String written, Instant now) {
        var object = (ObjectNode) Reviews.policy(port);
        object.withObject("/metadata/annotations").put(Intent.REVISION, written);
        var reader =
                new PolicyReader(Settings.DEFAULTS, Optional.empty(), InstantSource.fixed(now));
        return read(reader, KEY, object, Optional.empty());
    }

    public static Policy read(PolicyKey key, JsonNode object) {
        return read(new PolicyReader(), key, object, Optional.empty());
    }

    /// Passes the tree through JSON, as everything that comes from an API server.
    ///
    /// @param holder the cluster whose name in it means "here": then the policy is made a relative
    ///   one
    public static Policy read(
            PolicyReader reader, PolicyKey key, JsonNode object, Optional<String> holder) {
        try {
            var tree = (ObjectNode) StrictJson.read(Yaml.json(object));
            holder.ifPresent(
                    _ -> tree.withObject("/metadata/annotations").put(Intent.RELATIVE, "true"));
            return holder.map(ClusterName::new).map(reader::in).orElse(reader).read(key, tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
