package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mesh.lockstep.policy.CanonicalJson;

/// One rule (a `spec`, or an element of `specs`) as statements: one for the rule without its
/// entries, and one for each entry of `ingress`, `ingressDeny`, `egress` and `egressDeny`, together
/// with the subject it applies to.
///
/// Cilium's repository is the union of all entries, without order (`pkg/policy/repository.go`,
/// v1.20.2), so
///
/// ```yaml
/// ingress: [A, B]      ingress: [B, A, A]
/// ```
///
/// say the same. That a section is there at all is part of the first statement, because it turns
/// default deny on: `ingress: []`, `ingress: [{}]` and no `ingress` mean three things.
final class RuleReading {

    private static final List<String> SECTIONS =
            List.of("ingress", "ingressDeny", "egress", "egressDeny");
    private static final List<String> SUBJECTS = List.of("endpointSelector", "nodeSelector");

    private RuleReading() {}

    static Stream<String> statements(JsonNode rule) {
        if (!(rule instanceof ObjectNode object)) {
            return Stream.of(CanonicalJson.text(rule));
        }
        var subject = object.deepCopy().retain(SUBJECTS);
        return Stream.concat(
                Stream.of(CanonicalJson.text(withoutEntries(object))),
                SECTIONS.stream().flatMap(section -> entries(object, section, subject)));
    }

    private static ObjectNode withoutEntries(ObjectNode rule) {
        var bare = JsonNodeFactory.instance.objectNode();
        bare.setAll(rule);
        SECTIONS.stream().filter(section -> rule.path(section).isArray()).forEach(bare::putArray);
        return bare;
    }

    private static Stream<String> entries(ObjectNode rule, String section, ObjectNode subject) {
        var entries = rule.path(section);
        if (!entries.isArray()) {
            return Stream.empty();
        }
        return StreamSupport.stream(entries.spliterator(), false)
                .map(entry -> CanonicalJson.text(subject.deepCopy().set(section, entry)));
    }
}
