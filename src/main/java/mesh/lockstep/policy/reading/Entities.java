package mesh.lockstep.policy.reading;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.ValueSet;

/// `fromEntities`, `toEntities`: names for sets of reserved labels.
///
/// Source: `EntitySelectorMapping` and `InitEntities` in `pkg/policy/api/entity.go` of Cilium. An
/// entity is taken for what it selects, so that one that another contains disappears:
///
/// ```yaml
/// fromEntities: [cluster, host]      fromEntities: [cluster]
/// ```
///
/// `all` selects everyone, `none` nobody. `world` is not `0.0.0.0/0`: it includes IPv6.
final class Entities {

    private static final List<String> OF_A_CLUSTER =
            List.of(
                    "host",
                    "remote-node",
                    "init",
                    "ingress",
                    "health",
                    "unmanaged",
                    "kube-apiserver");

    private static final Map<String, ValueSet> PODS_HERE =
            Map.of(Labels.K8S + Labels.CLUSTER, ValueSet.oneOf(List.of(Labels.HERE)));
    private static final Map<String, ValueSet> PODS_OF_THE_MESH =
            Map.of(Labels.ANY + Labels.CLUSTER, ValueSet.PRESENT);

    private static final Map<String, List<PolicyPeer>> SELECTED =
            Map.ofEntries(
                    Map.entry("all", List.of(PolicyPeer.Labelled.EVERYONE)),
                    Map.entry("none", List.of()),
                    Map.entry(
                            "world", anyOf("world", "world-ipv4", "world-ipv6", "aggregate-world")),
                    Map.entry("host", anyOf("host")),
                    Map.entry("init", anyOf("init")),
                    Map.entry("ingress", anyOf("ingress")),
                    Map.entry("unmanaged", anyOf("unmanaged")),
                    Map.entry("remote-node", anyOf("remote-node", "aggregate-remote-node")),
                    Map.entry("health", anyOf("health")),
                    Map.entry("kube-apiserver", anyOf("kube-apiserver")),
                    Map.entry("cluster", cluster("aggregate-cluster", PODS_HERE)),
                    Map.entry("cluster-mesh", cluster("aggregate-cluster-mesh", PODS_OF_THE_MESH)));

    private Entities() {}

    static List<PolicyPeer> peers(String entity) {
        var peers = SELECTED.get(entity);
        if (peers == null) {
            throw new AsWrittenException("unknown entity " + entity);
        }
        return peers;
    }

    private static List<PolicyPeer> anyOf(String... names) {
        return Stream.of(names).map(Entities::reserved).toList();
    }

    private static PolicyPeer reserved(String name) {
        return PolicyPeer.Labelled.of(Map.of(Labels.RESERVED + name, ValueSet.oneOf(List.of(""))));
    }

    private static List<PolicyPeer> cluster(String aggregate, Map<String, ValueSet> pods) {
        return Stream.of(
                        OF_A_CLUSTER.stream().map(Entities::reserved),
                        Stream.of(reserved(aggregate), PolicyPeer.Labelled.of(pods)))
                .flatMap(it -> it)
                .toList();
    }
}
