package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import mesh.lockstep.policy.AsWritten;
import mesh.lockstep.policy.AsWritten.Extent;
import mesh.lockstep.policy.AsWritten.Place;
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

    private static final String UNKNOWN = "it has a field that Lockstep does not know";

    /// @param number of the rule, the first is 0
    void read(int number, JsonNode rule) {
        try {
            if (Fields.RULE.knows("spec", rule)) {
                readKnown(number, rule);
                return;
            }
        } catch (AsWrittenException e) {
            throw e.in(number, "");
        }
        statements.add("as written: " + CanonicalJson.abridged(Spec.withoutIgnored(rule)));
        statements.addPart(new AsWritten(Extent.PART, Optional.of(new Place(number, "")), UNKNOWN));
    }

    private void readKnown(int number, JsonNode rule) {
        if (List.of(Section.values()).stream()
                .allMatch(each -> rule.path(each.field()).isEmpty())) {
            throw new AsWrittenException("no rules for ingress or egress");
        }
        if (rule.path("labels")
                .valueStream()
                .anyMatch(node -> node.path("key").asText().isEmpty())) {
            throw new AsWrittenException("a label without a key in labels");
        }
        var subject = Subject.of(rule, key, reserve);
        var peers = new PeerSelectors(key, settings, subject.initializes(), reserve);
        for (var section : Section.values()) {
            var reading = new EntryReading(section, subject, peers, statements);
            var entries = rule.path(section.field());
            for (int i = 0; i < entries.size(); i++) {
                read(entries.get(i), reading, new Place(number, section.field() + "[" + i + "]"));
            }
        }
        subject.text().ifPresent(text -> DefaultDeny.read(rule, text, statements));
    }

    private void read(JsonNode entry, EntryReading reading, Place place) {
        try {
            if (!reading.read(entry)) {
                statements.addPart(new AsWritten(Extent.PART, Optional.of(place), UNKNOWN));
            }
        } catch (AsWrittenException e) {
            throw e.in(place.rule(), place.within());
        }
    }
}
