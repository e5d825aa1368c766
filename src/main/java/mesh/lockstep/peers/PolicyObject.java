package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;

/// A policy as a peer's API server sends it; the elements of a list do not say their kind.
record PolicyObject(Kind kind, JsonNode tree) {

    /// The names are shared between the peers, most of which hold the same.
    PolicyKey key() {
        var metadata = tree.path("metadata");
        return new PolicyKey(
                kind,
                metadata.path("namespace").asText().intern(),
                metadata.path("name").asText().intern());
    }

    /// Whether it has what a policy's key is made of, no longer than an API server takes it.
    boolean isNamed() {
        var metadata = tree.path("metadata");
        var name = metadata.path("name").asText();
        var namespace = metadata.path("namespace").asText();
        return !name.isEmpty()
                && name.length() <= PolicyKey.LONGEST_NAME
                && namespace.isEmpty() != kind.namespaced()
                && namespace.length() <= PolicyKey.LONGEST_NAMESPACE;
    }

    boolean hasKey(PolicyKey key) {
        var metadata = tree.path("metadata");
        return metadata.path("namespace").asText().equals(key.namespace())
                && metadata.path("name").asText().equals(key.name());
    }

    String namespace() {
        return tree.path("metadata").path("namespace").asText();
    }

    String resourceVersion() {
        return tree.path("metadata").path("resourceVersion").asText();
    }

    Policy read(PolicyReader reader) {
        return reader.read(key(), tree);
    }
}
