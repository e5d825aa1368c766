package mesh.lockstep.policy;

import java.util.regex.Pattern;

/// A cluster's name in the mesh, as in `cluster-name` of Cilium's configuration.
///
/// @param value 1 to 32 lower-case letters, digits and dashes, a letter or digit at both ends
///   (Cilium's `ValidateClusterName` in `pkg/clustermesh/types/types.go`)
public record ClusterName(String value) implements Comparable<ClusterName> {

    private static final Pattern VALID = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

    public ClusterName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a cluster's name: at most 32 of [a-z0-9-]");
        }
    }

    public static boolean isValid(String value) {
        return VALID.matcher(value).matches();
    }

    @Override
    public int compareTo(ClusterName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
