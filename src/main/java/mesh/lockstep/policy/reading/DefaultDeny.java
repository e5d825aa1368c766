package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;

/// Whether a rule turns default deny on.
///
/// Source: `Rule.Sanitize` in `pkg/policy/api/rule_validation.go` and `pkg/policy/repository.go` of
/// Cilium. A direction with rules denies what none of them allows, unless `enableDefaultDeny` says
/// otherwise; for a direction without rules it says nothing:
///
/// ```yaml
/// ingress: [{fromEntities: [host]}]                    ingress: [{fromEntities: [host]}]
/// enableDefaultDeny: {ingress: true, egress: true}
/// ```
///
/// `ingress: [{}]` allows nothing and denies by default; `ingress: []` is as good as absent.
final class DefaultDeny {

    private DefaultDeny() {}

    static void read(JsonNode rule, String subject, Statements statements) {
        for (var direction : new String[] {"ingress", "egress"}) {
            var hasRules =
                    !rule.path(direction).isEmpty() || !rule.path(direction + "Deny").isEmpty();
            if (hasRules && rule.path("enableDefaultDeny").path(direction).asBoolean(true)) {
                statements.add(subject, direction, "default deny");
            }
        }
    }
}
