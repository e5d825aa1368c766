package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// A policy's rules as its author wrote them: `spec` first, then the elements of `specs`.
///
/// Cilium concatenates the two (`CiliumNetworkPolicy.Parse` in
/// `pkg/k8s/apis/cilium.io/v2/cnp_types.go`, v1.20.2), so one policy may use both.
public record Spec(List<Rule> rules) {

    public Spec {
        rules = List.copyOf(rules);
    }

    /// One rule and where it stands in the manifest.
    ///
    /// @param path empty for `spec`, so that paths inside it read `ingress[0]`; `specs[1]` for the
    ///   second of `specs`
    public record Rule(String path, JsonNode tree) {}

    /// The rules of a whole object. What is not a rule, as a `spec` that is a text, is taken as it
    /// stands.
    public static Spec of(JsonNode object) {
        var rules = new ArrayList<Rule>();
        var spec = object.path("spec");
        if (isPresent(spec)) {
            rules.add(new Rule("", spec));
        }
        var specs = object.path("specs");
        if (specs.isArray()) {
            for (int i = 0; i < specs.size(); i++) {
                rules.add(new Rule("specs[" + i + "]", specs.get(i)));
            }
        } else if (isPresent(specs)) {
            rules.add(new Rule("specs", specs));
        }
        return new Spec(rules);
    }

    private static boolean isPresent(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }
}
