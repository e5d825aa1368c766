package mesh.lockstep.policy.reading;

import java.util.Set;
import java.util.regex.Pattern;
import mesh.lockstep.policy.Word;

/// Keys and values of labels, as selectors write them: `[source:]key`.
///
/// Source: `pkg/labels/validation.go` and `NewSourceEncodedLabelKey` in `pkg/labels/labels.go` of
/// Cilium. A key without a source is one of any source:
///
/// ```yaml
/// app: web      any:app: web
/// ```
final class Labels {

    /// The cluster that a policy lives in. No label can have this value.
    static final String HERE = "<LOCAL>";

    static final String ANY = "any:";
    static final String K8S = "k8s:";
    static final String RESERVED = "reserved:";
    static final String NAMESPACE = "io.kubernetes.pod.namespace";
    static final String CLUSTER = "io.cilium.k8s.policy.cluster";
    static final String NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels.";

    /// `pkg/labels/labels.go`: what is not a pod, by the names that `reserved:` labels have.
    private static final Set<String> RESERVED_NAMES =
            Set.of(
                    "host",
                    "remote-node",
                    "world",
                    "world-ipv4",
                    "world-ipv6",
                    "cluster",
                    "cluster-mesh",
                    "health",
                    "init",
                    "kube-apiserver",
                    "ingress",
                    "none",
                    "unmanaged",
                    "unknown");

    private static final int MAX_NAME = 63;

    /// Signs that a name has in it, not at its ends.
    private static final String BETWEEN = "-_.";

    private static final Pattern SUBDOMAIN = Pattern.compile("(?![.-])[a-z0-9.-]+(?<![.-])");
    private static final int MAX_SUBDOMAIN = 253;

    private Labels() {}

    /// The key with its source, `defaultSource` where none is written.
    static String key(String written, String defaultSource) {
        var colon = written.indexOf(':');
        var name = written.substring(colon + 1);
        var hasNoSource = colon >= 0 && !Word.isMadeOf(written.substring(0, colon), "");
        if (hasNoSource || !isQualifiedName(name)) {
            throw new AsWrittenException("not a label key: " + written);
        }
        return colon < 0 ? defaultSource + written : written;
    }

    private static boolean isQualifiedName(String key) {
        var slash = key.indexOf('/');
        if (!isName(key.substring(slash + 1))) {
            return false;
        }
        return slash < 0 || (slash <= MAX_SUBDOMAIN && isSubdomain(key.substring(0, slash)));
    }

    private static boolean isName(String text) {
        return text.length() <= MAX_NAME
                && Word.isMadeOf(text, BETWEEN)
                && BETWEEN.indexOf(text.charAt(0)) < 0
                && BETWEEN.indexOf(text.charAt(text.length() - 1)) < 0;
    }

    /// Names of lower-case letters, digits and dashes, none at their ends, divided by dots.
    private static boolean isSubdomain(String text) {
        return SUBDOMAIN.matcher(text).matches()
                && !text.contains("..")
                && !text.contains(".-")
                && !text.contains("-.");
    }

    /// The value itself.
    ///
    /// @param key with its source
    static String value(String key, String written) {
        var isValue = written.isEmpty() || isName(written);
        if (!isValue && !(written.equals(HERE) && isCluster(key))) {
            throw new AsWrittenException("not a label value: " + written);
        }
        return written;
    }

    /// Whether a key, with or without source, names a pod's or node's cluster.
    static boolean isCluster(String key) {
        return key.equals(CLUSTER) || key.equals(ANY + CLUSTER) || key.equals(K8S + CLUSTER);
    }

    /// The key where only what has its labels from Kubernetes is meant, as pods: all but reserved
    /// labels have the source `k8s`, so that none tells the two apart.
    static String ofKubernetes(String key) {
        return key.startsWith(ANY) && !RESERVED_NAMES.contains(key.substring(ANY.length()))
                ? K8S + key.substring(ANY.length())
                : key;
    }

    /// Whether whatever has this label is a pod.
    static boolean isOfPodsOnly(String key) {
        var name = key.substring(key.indexOf(':') + 1);
        return (key.startsWith(ANY) || key.startsWith(K8S))
                && (name.equals(NAMESPACE) || name.startsWith(NAMESPACE_LABELS));
    }
}
