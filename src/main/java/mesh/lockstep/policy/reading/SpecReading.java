package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import mesh.lockstep.policy.AsWritten;
import mesh.lockstep.policy.AsWritten.Extent;
import mesh.lockstep.policy.Bug;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.Oversize;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Spec;

/// All rules of a policy: `spec`, and each of `specs`.
///
/// Source: `Parse` in `pkg/k8s/apis/cilium.io/v2/cnp_types.go` and `ccnp_types.go` of Cilium. The
/// rules are a union:
///
/// ```yaml
/// spec: {endpointSelector: {}, ingress: [A, B]}
/// specs: [{endpointSelector: {}, ingress: [B]}, {endpointSelector: {}, ingress: [A, A]}]
/// ```
///
/// One rule that Cilium would reject keeps it from taking any: then the whole is compared as
/// written, and differs from all that Cilium would take.
record SpecReading(PolicyKey key, Settings settings) implements Function<List<JsonNode>, Meaning> {

    @Override
    public Meaning apply(List<JsonNode> rules) {
        try {
            if (rules.stream().anyMatch(JsonNode::isMissingNode)) {
                throw new AsWrittenException("neither spec nor specs");
            }
            for (var rule : rules) {
                if (rule instanceof Oversize oversize) {
                    throw AsWrittenException.undecided(oversize.reason());
                }
            }
            var reserve = new Reserve(rules);
            var statements = new Statements(reserve);
            var reading = new RuleReading(key, settings, statements, reserve);
            for (int i = 0; i < rules.size(); i++) {
                reading.read(i, rules.get(i));
            }
            return statements.meaning();
        } catch (AsWrittenException e) {
            return Meaning.asWritten(text(rules), e.why());
        } catch (RuntimeException | StackOverflowError e) {
            // What triggers a bug of ours affects only itself, and is still compared.
            Bug.tell("A policy is compared as written", e);
            var why =
                    new AsWritten(Extent.WHOLE, Optional.empty(), "a bug in Lockstep, see its log");
            return Meaning.asWritten(text(rules), why);
        }
    }

    private static String text(List<JsonNode> rules) {
        var list = JsonNodeFactory.instance.arrayNode();
        rules.forEach(rule -> list.add(Spec.withoutIgnored(rule)));
        return CanonicalJson.abridged(list);
    }
}
