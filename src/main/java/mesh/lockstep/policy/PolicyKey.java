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
        return Kind.PATH + folder + kind.plural() + "/" + encoded(name);
    }

    /// A name, or a query's value, as a part of an API server's URL.
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// The kinds of the API group `cilium.io`, version `v2`, that are policies.
    public enum Kind {
        NETWORK_POLICY("CiliumNetworkPolicy", "ciliumnetworkpolicies", true),
        CLUSTERWIDE_NETWORK_POLICY(
                "CiliumClusterwideNetworkPolicy", "ciliumclusterwidenetworkpolicies", false);

        /// The API group of both kinds.
        public static final String GROUP = "cilium.io";

        /// Where an API server has them, from its root.
        public static final String PATH = "apis/" + GROUP + "/v2/";

        private final String kindName;
        private final String plural;
        private final boolean namespaced;

        Kind(String kindName, String plural, boolean namespaced) {
            this.kindName = kindName;
            this.plural = plural;
            this.namespaced = namespaced;
        }

        /// The value of `kind` in a manifest.
        public String kindName() {
            return kindName;
        }

        /// The resource's name in URLs, RBAC rules and webhook rules.
        public String plural() {
            return plural;
        }

        public boolean namespaced() {
            return namespaced;
        }

        /// The kind that a webhook request's `resource.resource` names.
        public static Optional<Kind> ofPlural(String plural) {
            return Arrays.stream(values()).filter(kind -> kind.plural.equals(plural)).findFirst();
        }
    }
}
