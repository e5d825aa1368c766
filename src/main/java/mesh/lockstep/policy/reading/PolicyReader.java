package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Spec;

/// Reads a policy from the tree that an API server sends.
///
/// Any spec is read, even one that Cilium would reject: that one is compared as written.
public final class PolicyReader {

    private final Settings settings;

    public PolicyReader() {
        this(Settings.DEFAULTS);
    }

    public PolicyReader(Settings settings) {
        this.settings = settings;
    }

    /// Reads a whole object; a cluster that it names is that cluster.
    ///
    /// @param object of it only `spec`, `specs` and our annotations count
    public Policy read(PolicyKey key, JsonNode object) {
        return read(key, object, Optional.empty());
    }

    /// Reads a whole object.
    ///
    /// @param readAsHere the name that, wherever a selector requires it of a cluster, means the
    ///   policy's own cluster
    public Policy read(PolicyKey key, JsonNode object, Optional<String> readAsHere) {
        var spec =
                Spec.of(
                        object,
                        new Preparation(readAsHere)::prepared,
                        new SpecReading(key, settings));
        return new Policy(key, Intent.of(object), spec, spec.meaning());
    }
}
