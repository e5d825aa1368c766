package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Spec;
import mesh.lockstep.policy.Statement;

/// Reads a policy from the tree that an API server sends.
///
/// Any spec is read, even one that Cilium would reject: that one is compared as written.
public final class PolicyReader {

    /// Reads a whole object.
    ///
    /// @param object of it only `spec`, `specs` and our annotations count
    public Policy read(PolicyKey key, JsonNode object) {
        var spec = Spec.of(object);
        var statements =
                spec.rules().stream()
                        .map(Spec.Rule::tree)
                        .flatMap(RuleReading::statements)
                        .map(Statement::new)
                        .toList();
        return new Policy(key, Intent.of(object), spec, Meaning.of(statements));
    }
}
