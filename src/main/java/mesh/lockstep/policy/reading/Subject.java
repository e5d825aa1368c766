package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.ValueSet;

/// Whom a rule applies to: `endpointSelector` or `nodeSelector`.
///
/// Source: `ParseToCiliumRule` in `pkg/k8s/apis/cilium.io/utils/utils.go` of Cilium. A namespaced
/// policy selects in its own namespace, whatever `k8s:io.kubernetes.pod.namespace` says, so in the
/// namespace `shop`
///
/// ```yaml
/// matchLabels: {app: web, k8s:io.kubernetes.pod.namespace: bank}      matchLabels: {k8s:app: web}
/// ```
///
/// say the same. A node that is a subject has its labels from Kubernetes too (`InitWithNodeLabels`
/// in `pkg/endpoint/endpoint.go`), unlike a node that is a peer.
///
/// @param text [Abridged]; empty where nothing is selected
/// @param selected what it selects by; empty where that is nothing
/// @param initializes whether pods that still lack their labels are spoken of
record Subject(
        Optional<String> text,
        Optional<PolicyPeer.Labelled> selected,
        boolean isNode,
        boolean initializes) {

    private Subject(
            String kind,
            Optional<PolicyPeer.Labelled> selected,
            boolean isNode,
            boolean initializes) {
        this(selected.map(labelled -> kind + " " + labelled.text()), selected, isNode, initializes);
    }

    static Subject of(JsonNode rule, PolicyKey key, Reserve reserve) {
        if (rule.has("nodeSelector")) {
            if (key.kind().namespaced()) {
                throw new AsWrittenException("nodeSelector in a namespaced policy");
            }
            var nodes = SelectorReading.of(rule.path("nodeSelector"), reserve);
            nodes.rename(Labels::ofKubernetes);
            return new Subject("nodes", nodes.selected(), true, false);
        }
        var namespace = Labels.K8S + Labels.NAMESPACE;
        var endpoints =
                key.kind().namespaced()
                        ? inNamespace(rule, namespace, key.namespace(), reserve)
                        : SelectorReading.of(rule.path("endpointSelector"), reserve);
        var initializes = endpoints.mentions(Labels.RESERVED + "init");
        endpoints.rename(Labels::ofKubernetes);
        return new Subject("endpoints", endpoints.selected(), false, initializes);
    }

    /// Whether both may be about the same pod or node.
    boolean meets(Subject other) {
        if (equals(other)) {
            return true;
        }
        return isNode == other.isNode
                && selected.isPresent()
                && other.selected.isPresent()
                && Overlap.of(selected.get(), other.selected.get());
    }

    /// Steps that it takes at most to see whether it meets another one.
    long steps(Subject other) {
        return equals(other) ? 1 : 1L + size() + other.size();
    }

    private int size() {
        return selected.map(PolicyPeer::size).orElse(0);
    }

    private static SelectorReading inNamespace(
            JsonNode rule, String key, String namespace, Reserve reserve) {
        var endpoints = SelectorReading.of(rule.path("endpointSelector"), Set.of(key), reserve);
        endpoints.require(key, ValueSet.oneOf(List.of(namespace)));
        return endpoints;
    }
}
