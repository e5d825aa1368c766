package mesh.lockstep.policy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/// What makes policies in two clusters one policy: kind, namespace and name.
///
/// Ordered by namespace, name and kind. Whoever names policies can give thousands of them one hash
/// code; then maps find them by their order.
///
/// @param namespace empty for a clusterwide policy
/// @param name the object's name, never empty
public record PolicyKey(Kind kind, String namespace, String name) implements Comparable<PolicyKey> {

    private static final Comparator<PolicyKey> ORDER =
            Comparator.comparing(PolicyKey::namespace)
                    .thenComparing(PolicyKey::name)
                    .thenComparing(PolicyKey::kind);

    /// Characters of any object's name, and of a namespace's: what an API server takes
    /// (`IsDNS1123Subdomain` and `IsDNS1123Label` of `k8s.io/apimachinery`).
    public static final int LONGEST_NAME = 253;

    public static final int LONGEST_NAMESPACE = 63;

    public PolicyKey {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a policy has a name");
        }
        if (kind.namespaced() == namespace.isEmpty()) {
            throw new IllegalArgumentException(
                    kind.kindName()
                            + (kind.namespaced() ? " lacks its" : " has no")
                            + " namespace");
        }
    }

    /// What somebody else calls a policy; empty if there is no such kind, or it has another name.
    public static Optional<PolicyKey> of(String kindName, String namespace, String name) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.kindName.equals(kindName))
                .filter(kind -> kind.namespaced != namespace.isEmpty() && !name.isEmpty())
                .map(kind -> new PolicyKey(kind, namespace, name))
                .findFirst();
    }

    @Override
    public int compareTo(PolicyKey other) {
        return ORDER.compare(this, other);
    }

    /// How kubectl users write it: `default/allow-api`, or just the name of a clusterwide policy.
    public String qualifiedName() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    /// Where an API server has it, from its root.
    public String path() {
        var folder = kind.namespaced() ? "namespaces/" + encoded(namespace) + "/" : "";
        return kind.pathTo(folder) + "/" + encoded(name);
    }

    /// A name, or a query's value, as a part of an API server's URL.
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// The kinds that are compared. Whatever is asked of an API server, and said of a policy,
    /// follows what is here; how a kind's policies are read, [mesh.lockstep.policy.reading] knows.
    public enum Kind {
        CILIUM_NETWORK_POLICY(
                "cilium.io", "v2", "CiliumNetworkPolicy", "ciliumnetworkpolicies", "cnp", true),
        CILIUM_CLUSTERWIDE_NETWORK_POLICY(
                "cilium.io",
                "v2",
                "CiliumClusterwideNetworkPolicy",
                "ciliumclusterwidenetworkpolicies",
                "ccnp",
                false);

        private final String group;
        private final String version;
        private final String kindName;
        private final String plural;
        private final String shortName;
        private final boolean namespaced;

        Kind(
                String group,
                String version,
                String kindName,
                String plural,
                String shortName,
                boolean namespaced) {
            this.group = group;
            this.version = version;
            this.kindName = kindName;
            this.plural = plural;
            this.shortName = shortName;
            this.namespaced = namespaced;
        }

        /// The API group.
        public String group() {
            return group;
        }

        /// The value of `apiVersion` in a manifest.
        public String apiVersion() {
            return group + "/" + version;
        }

        /// The value of `kind` in a manifest.
        public String kindName() {
            return kindName;
        }

        /// The resource's name in URLs, RBAC rules and webhook rules.
        public String plural() {
            return plural;
        }

        /// What people type after `kubectl get`.
        public String shortName() {
            return shortName;
        }

        /// The resource's name with its group, which is also the name of its definition.
        public String resource() {
            return plural + "." + group;
        }

        public boolean namespaced() {
            return namespaced;
        }

        /// Where an API server has all of them, from its root.
        public String path() {
            return pathTo("");
        }

        /// Where an API server has those of a namespace, from its root; of a namespaced kind.
        public String path(String namespace) {
            return pathTo("namespaces/" + encoded(namespace) + "/");
        }

        private String pathTo(String folder) {
            return "apis/" + apiVersion() + "/" + folder + plural;
        }

        /// The kind that a webhook request's `resource` names.
        public static Optional<Kind> ofResource(String group, String plural) {
            return Arrays.stream(values())
                    .filter(kind -> kind.group.equals(group) && kind.plural.equals(plural))
                    .findFirst();
        }
    }
}
