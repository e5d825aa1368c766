package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Word;

/// `toServices`: services by name, or by their labels.
///
/// Source: `pkg/policy/k8s/service.go` and `pkg/policy/api/service.go` of Cilium. A selector takes
/// precedence over a name next to it, the source of its keys is ignored, and no namespace means
/// any:
///
/// ```yaml
/// k8sService: {serviceName: db, namespace: ""}      k8sService: {serviceName: db}
/// ```
///
/// `In` and `NotIn` without values, and others with some, are not rejected here: no service, any,
/// and the values do not count. Which pods and addresses a service has is its cluster's; only what
/// names it is compared.
final class Services {

    private static final String NOBODY = "of nobody";
    private static final PolicyPeer NONE = new PolicyPeer.Named("service " + NOBODY);

    private Services() {}

    static PolicyPeer peer(JsonNode service, Reserve reserve) {
        return new PolicyPeer.Named("service " + named(service, reserve));
    }

    /// What all of these have, together.
    ///
    /// @param services of one list, sorted, at least one
    static PolicyPeer together(Set<PolicyPeer> services) {
        var some =
                services.stream()
                        .filter(peer -> services.size() == 1 || !peer.equals(NONE))
                        .toList();
        return some.size() == 1
                ? some.getFirst()
                : new PolicyPeer.Named(
                        "together: "
                                + some.stream()
                                        .map(PolicyPeer::text)
                                        .collect(Collectors.joining(", ")));
    }

    /// Whether it is a service, or some together.
    static boolean isOne(PolicyPeer.Named peer) {
        return peer.text().startsWith("service ") || peer.text().startsWith("together: ");
    }

    private static String named(JsonNode service, Reserve reserve) {
        var selected = service.path("k8sServiceSelector");
        if (selected.isObject()) {
            return labelled(selected.path("selector"), reserve)
                    .map(text -> text + in(selected))
                    .orElse(NOBODY);
        }
        var byName = service.path("k8sService");
        return byName.isObject()
                ? Word.quoted(byName.path("serviceName").asText()) + in(byName)
                : NOBODY;
    }

    /// Empty where nothing is selected.
    private static Optional<String> labelled(JsonNode selector, Reserve reserve) {
        var labels = SelectorReading.ofServices(selector, reserve);
        labels.rename(key -> key.substring(key.indexOf(':') + 1));
        return labels.selected().map(PolicyPeer::text);
    }

    private static String in(JsonNode reference) {
        var namespace = reference.path("namespace").asText();
        return namespace.isEmpty() ? "" : " in " + Word.quoted(namespace);
    }
}
