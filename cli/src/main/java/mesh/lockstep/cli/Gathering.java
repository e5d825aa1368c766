package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mesh.lockstep.cli.Cluster.Arrival;
import mesh.lockstep.policy.ClusterName;

/// The clusters in which something is to be changed, read before anything is.
///
/// @param partners that can be changed, in the order of the contexts
/// @param leftOut why others cannot, for people
record Gathering(List<Partner> partners, List<String> leftOut) {

    Gathering {
        partners = List.copyOf(partners);
        leftOut = List.copyOf(leftOut);
    }

    /// What else has to hold of a cluster.
    interface Condition {

        /// Throws what does not hold.
        ///
        /// @throws Unusable with what does not, for people
        void require(ApiServer api) throws Unusable, InterruptedException;

        /// What is read of the Secrets to which tokens are bound.
        default Map<String, String> markers(ApiServer api) throws Unusable, InterruptedException {
            return Partner.markers(api);
        }
    }

    /// @throws Unusable if two contexts are one cluster, or two clusters have one name
    static Gathering of(
            List<String> contexts,
            Connection connection,
            MemberOptions options,
            Condition condition)
            throws Unusable {
        var partners = new ArrayList<Partner>();
        var leftOut = new ArrayList<String>();
        for (var arrival :
                Few.each(contexts, context -> read(context, connection, options, condition))) {
            switch (arrival) {
                case Read.There(var partner) -> partners.add(partner);
                case Read.Missing(var context, var cause) ->
                        leftOut.add(context + ": left out: " + cause);
            }
        }
        requireDistinct(partners);
        return new Gathering(partners, leftOut);
    }

    private sealed interface Read {
        record There(Partner partner) implements Read {}

        record Missing(String context, String cause) implements Read {}
    }

    private static Read read(
            String context, Connection connection, MemberOptions options, Condition condition)
            throws InterruptedException {
        try {
            return switch (Cluster.ask(context, connection)) {
                case Arrival.NotHere(_, var cause) -> new Read.Missing(context, cause);
                case Arrival.Here(var cluster) -> {
                    condition.require(cluster.api());
                    yield new Read.There(
                            Partner.of(
                                    cluster,
                                    name(cluster, options),
                                    uid(cluster),
                                    condition.markers(cluster.api())));
                }
            };
        } catch (Unusable e) {
            return new Read.Missing(context, String.valueOf(e.getMessage()));
        }
    }

    private static ClusterName name(Cluster cluster, MemberOptions options) throws Unusable {
        var name = options.name(cluster.context()).or(cluster::callsItself);
        if (name.filter(ClusterName::isValid).isEmpty()) {
            throw new Unusable(
                    "its name in the mesh cannot be read from kube-system/cilium-config: say --name %s=NAME"
                            .formatted(Quoted.of(cluster.context())));
        }
        return new ClusterName(name.get());
    }

    private static String uid(Cluster cluster) throws Unusable {
        return cluster.uid().orElseThrow(() -> new Unusable("not allowed to get namespaces (403)"));
    }

    private static void requireDistinct(List<Partner> partners) throws Unusable {
        var byUid = new LinkedHashMap<String, Partner>();
        var byName = new LinkedHashMap<ClusterName, Partner>();
        for (var partner : partners) {
            var twin = byUid.putIfAbsent(partner.uid(), partner);
            if (twin != null) {
                throw new Unusable(
                        "%s and %s are one cluster: name it once"
                                .formatted(twin.context(), partner.context()));
            }
            var namesake = byName.putIfAbsent(partner.name(), partner);
            if (namesake != null) {
                throw new Unusable(
                        "%s and %s are different clusters, both called %s: each member of a mesh needs its own name; see --name"
                                .formatted(namesake.context(), partner.context(), partner.name()));
            }
        }
    }
}
