package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.ValueSet;

/// The selectors of peers: `fromEndpoints`, `toEndpoints`, `fromNodes`, `toNodes`, with what Cilium
/// adds to them.
///
/// Source: `getEndpointSelector` and `addClusterFilterByDefault` in
/// `pkg/k8s/apis/cilium.io/utils/utils.go` of Cilium. A selector that names no namespace means the
/// policy's own, one that names no cluster means "here", so in the namespace `shop`
///
/// ```yaml
/// fromEndpoints: [{matchLabels: {app: web}}]
/// fromEndpoints: [{matchLabels: {app: web, k8s:io.kubernetes.pod.namespace: shop}}]
/// ```
///
/// say the same. Keys of any source become `k8s` where only pods can be selected; a node's labels
/// have the source `node` (`pkg/node/manager/manager.go`), and a selector that mentions a reserved
/// label may select nodes.
///
/// @param initializes whether the subject is a pod that still lacks its labels
record PeerSelectors(PolicyKey key, Settings settings, boolean initializes, Reserve reserve) {

    private static final String NAMESPACE = Labels.K8S + Labels.NAMESPACE;
    private static final String CLUSTER = Labels.K8S + Labels.CLUSTER;

    /// Empty where nobody is selected.
    Optional<PolicyPeer.Labelled> endpoints(JsonNode selector) {
        var reading = SelectorReading.of(selector, reserve);
        if (!reading.mentionsAny(Labels.RESERVED)) {
            addNamespace(reading);
            addCluster(reading);
            if (reading.selectsPodsOnly()) {
                reading.rename(Labels::ofKubernetes);
            }
        }
        return reading.selected();
    }

    /// Empty where nobody is selected.
    Optional<PolicyPeer.Labelled> nodes(JsonNode selector) {
        var reading = SelectorReading.of(selector, reserve);
        reading.require(Labels.RESERVED + "remote-node", ValueSet.PRESENT);
        addCluster(reading);
        return reading.selected();
    }

    private void addNamespace(SelectorReading reading) {
        if (reading.mentions(NAMESPACE) || reading.mentions(Labels.ANY + Labels.NAMESPACE)) {
            return;
        }
        if (!key.kind().namespaced()) {
            if (!initializes) {
                reading.require(NAMESPACE, ValueSet.PRESENT);
            }
        } else if (!reading.mentionsAny(Labels.K8S + Labels.NAMESPACE_LABELS)
                && !reading.mentionsAny(Labels.ANY + Labels.NAMESPACE_LABELS)) {
            reading.require(NAMESPACE, ValueSet.oneOf(List.of(key.namespace())));
        }
    }

    private void addCluster(SelectorReading reading) {
        if (settings.defaultLocalCluster()
                && !reading.mentions(CLUSTER)
                && !reading.mentions(Labels.ANY + Labels.CLUSTER)) {
            reading.require(CLUSTER, ValueSet.oneOf(List.of(Labels.HERE)));
        }
    }
}
