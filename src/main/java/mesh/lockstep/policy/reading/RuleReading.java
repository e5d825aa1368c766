package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Spec;

/// One rule: a `spec`, or an element of `specs`.
///
/// Source: `Rule.Sanitize` in `pkg/policy/api/rule_validation.go` and `RulesToPolicyEntries` in
/// `pkg/policy/utils/parserules.go` of Cilium. The entries of a section are a union, and so are the
/// sections:
///
/// ```yaml
/// ingress: [{fromEntities: [host]}, {fromEntities: [world]}]
/// ingress: [{fromEntities: [world, host, host]}]
/// ```
///
/// `description`, `labels` and `log` change no verdict. With a field that is not known, the rule is
/// compared as written.
record RuleReading(PolicyKey key, Settings settings, Statements statements, Reserve reserve) {

    void read(JsonNode rule) {
        if (!Fields.RULE.knows("spec", rule)) {
            statements.add("as written: " + CanonicalJson.abridged(Spec.withoutIgnored(rule)));
            return;
        }
        if (List.of(Section.values()).stream().allMatch(it -> rule.path(it.field()).isEmpty())) {
            throw new AsWrittenException("no rules for ingress or egress");
        }
        if (rule.path("labels").valueStream().anyMatch(it -> it.path("key").asText().isEmpty())) {
            throw new AsWrittenException("a label without a key in labels");
        }
        var subject = Subject.of(rule, key, reserve);
        var peers = new PeerSelectors(key, settings, subject.initializes(), reserve);
        for (var section : Section.values()) {
            var entries = new EntryReading(section, subject, peers, statements);
            var number = 0;
            for (var entry : rule.path(section.field())) {
                read(entries, entry, number++);
            }
        }
        subject.text().ifPresent(it -> DefaultDeny.read(rule, it, statements));
    }

    private static void read(EntryReading entries, JsonNode entry, int number) {
        try {
            entries.read(entry);
        } catch (AsWrittenException e) {
            throw e.in(entries.section(), number);
        }
    }
}
