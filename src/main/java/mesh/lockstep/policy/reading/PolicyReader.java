package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Spec;
import mesh.lockstep.policy.Statement;

/// Reads a policy from the tree that an API server sends.
///
/// Any spec is read, even one that Cilium would reject: that one is compared as written.
///
/// @param holder the cluster whose policies are read, whose name a relative policy means as "here";
///   empty if it is not known
public record PolicyReader(Optional<ClusterName> holder) {

    /// A reader of policies of which it is not known who holds them.
    public PolicyReader() {
        this(Optional.empty());
    }

    /// A reader of what one cluster holds.
    public PolicyReader in(ClusterName cluster) {
        return new PolicyReader(Optional.of(cluster));
    }

    /// Reads a whole object.
    ///
    /// @param object of it only `spec`, `specs` and our annotations count
    public Policy read(PolicyKey key, JsonNode object) {
        var intent = Intent.of(object);
        var read =
                holder.filter(_ -> intent.relative())
                        .map(cluster -> RelativeNames.readAsHere(cluster, object))
                        .orElse(object);
        var spec = Spec.of(read);
        var statements =
                spec.rules().stream()
                        .map(Spec.Rule::tree)
                        .flatMap(RuleReading::statements)
                        .map(Statement::new)
                        .toList();
        return new Policy(key, intent, spec, Meaning.of(statements));
    }
}
