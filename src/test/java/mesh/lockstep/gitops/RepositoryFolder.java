package mesh.lockstep.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import mesh.lockstep.support.ClusterApi;

/// What a folder of a repository may hold: a policy, and next to it a ConfigMap that has nothing to
/// do with it.
///
/// @param name of both, in the namespace `default`
record RepositoryFolder(String name) {

    /// The files of a version of the policy, by their names.
    Map<String, String> with(int port) {
        return files(port, policy(port));
    }

    Map<String, String> with(int port, long revision) {
        return files(port, policy(port, "{lockstep.mesh/revision: \"%d\"}".formatted(revision)));
    }

    private Map<String, String> files(int port, String policy) {
        return Map.of("policy.yaml", policy, "beside.yaml", beside(Integer.toString(port)));
    }

    /// The policy is gone.
    Map<String, String> without() {
        return Map.of("beside.yaml", beside("none"));
    }

    String policy(int port) {
        return policy(port, "{}");
    }

    private String policy(int port, String annotations) {
        return """
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: %s, namespace: default, annotations: %s}
                spec:
                  endpointSelector: {matchLabels: {app: api}}
                  ingress:
                  - toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
                """
                .formatted(name, annotations, port);
    }

    private String beside(String port) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s, namespace: default}
                data: {port: "%s"}
                """
                .formatted(name, port);
    }

    /// The port of the policy in each cluster, in their order.
    String portsIn(Collection<ClusterApi> clusters) {
        return inEach(
                clusters, it -> it.get(name).body().at("/spec/ingress/0/toPorts/0/ports/0/port"));
    }

    /// The same of the commit that the ConfigMap is from.
    String portsBesideIn(Collection<ClusterApi> clusters) {
        var path = "/api/v1/namespaces/default/configmaps/" + name;
        return inEach(clusters, it -> it.getAt(path).body().at("/data/port"));
    }

    private static String inEach(
            Collection<ClusterApi> clusters, Function<ClusterApi, JsonNode> what) {
        return clusters.stream()
                .map(what)
                .map(it -> it.isMissingNode() ? "none" : it.asText())
                .collect(Collectors.joining(" "));
    }
}
