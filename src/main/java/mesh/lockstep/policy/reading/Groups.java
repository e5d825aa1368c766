package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.PolicyPeer;

/// `fromGroups`, `toGroups`: security groups of AWS.
///
/// Source: `pkg/policy/api/groups.go` and `pkg/policy/groups/aws` of Cilium. Ids and names are
/// sets:
///
/// ```yaml
/// aws: {securityGroupsIds: [sg-2, sg-1, sg-2]}      aws: {securityGroupsIds: [sg-1, sg-2]}
/// ```
///
/// What a group contains is its account's; only what names it is compared.
final class Groups {

    private static final List<String> SETS = List.of("securityGroupsIds", "securityGroupsNames");

    private Groups() {}

    static PolicyPeer peer(JsonNode group) {
        ObjectNode canonical = group.deepCopy();
        if (canonical.path("aws") instanceof ObjectNode aws) {
            for (var field : SETS) {
                var names = Texts.set(aws.path(field));
                aws.remove(field);
                if (!names.isEmpty()) {
                    names.forEach(aws.withArray(field)::add);
                }
            }
            if (aws.path("region").asText().isEmpty()) {
                aws.remove("region");
            }
            if (aws.path("labels").isEmpty()) {
                aws.remove("labels");
            }
            if (aws.isEmpty()) {
                canonical.remove("aws");
            }
        }
        return new PolicyPeer.Named("group " + CanonicalJson.text(canonical));
    }
}
