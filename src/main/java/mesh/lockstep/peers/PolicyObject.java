package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;

/// A policy as a peer's API server sends it; the elements of a list do not say their kind.
public record PolicyObject(Kind kind, JsonNode tree) {

    private static final int MAX_MESSAGE = 300;

    /// The names are shared between the peers, most of which hold the same.
    public PolicyKey key() {
        var metadata = tree.path("metadata");
        return new PolicyKey(
                kind,
                metadata.path("namespace").asText().intern(),
                metadata.path("name").asText().intern());
    }

    /// Whether it has what a policy's key is made of, no longer than an API server takes it.
    public boolean isNamed() {
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

    /// What the member's Cilium says in the status of a policy that it calls invalid
    /// (`updateCondition` in `operator/pkg/networkpolicy/validator.go`), in one line. Nothing of it
    /// is part of what the policy means.
    Optional<String> invalid() {
        for (var condition : tree.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Valid")) {
                return condition.path("status").asText().equals("False")
                        ? Optional.of(line(condition.path("message").asText("")))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /// Cilium has a line for each of a policy's rules.
    private static String line(String message) {
        return Clean.line(message.strip().replace("\n", "; "), MAX_MESSAGE);
    }

    Policy read(PolicyReader reader) {
        return reader.read(key(), tree);
    }
}
