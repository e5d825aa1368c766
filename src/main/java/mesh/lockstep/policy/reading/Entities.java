package mesh.lockstep.policy.reading;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.PolicyPeer.Labelled;
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
                    "kube-apiserver",
                    "aggregate-cluster");

    /// In `cluster`: the pods of this one.
    static final Labelled PODS_HERE =
            Labelled.of(Map.of(Labels.K8S + Labels.CLUSTER, ValueSet.oneOf(List.of(Labels.HERE))));

    /// In `cluster-mesh`: the pods of every cluster.
    static final Labelled PODS_OF_THE_MESH =
            Labelled.of(Map.of(Labels.ANY + Labels.CLUSTER, ValueSet.PRESENT));

    private static final Map<String, List<PolicyPeer>> SELECTED =
            Map.ofEntries(
                    Map.entry("all", List.of(Labelled.EVERYONE)),
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
                    Map.entry("cluster", cluster(PODS_HERE)),
                    Map.entry(
                            "cluster-mesh",
                            cluster(PODS_OF_THE_MESH, reserved("aggregate-cluster-mesh"))));

    private static final Set<PolicyPeer> ALL =
            SELECTED.values().stream()
                    .flatMap(List::stream)
                    .collect(Collectors.toUnmodifiableSet());

    private Entities() {}

    /// Whether an entity selects this, by itself or among others.
    static boolean isOne(PolicyPeer peer) {
        return ALL.contains(peer);
    }

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
        return Labelled.of(Map.of(Labels.RESERVED + name, ValueSet.oneOf(List.of(""))));
    }

    private static List<PolicyPeer> cluster(PolicyPeer... pods) {
        return Stream.concat(OF_A_CLUSTER.stream().map(Entities::reserved), Stream.of(pods))
                .toList();
    }
}
