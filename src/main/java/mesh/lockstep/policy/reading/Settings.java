package mesh.lockstep.policy.reading;

import java.util.Optional;
import java.util.regex.Pattern;

/// What of a cluster's Cilium configuration changes how a policy reads.
///
/// @param defaultLocalCluster `policy-default-local-cluster` of `cilium-config`: whether a peer
///   selector that names no cluster means this one; if not, it means every cluster of the mesh
public record Settings(boolean defaultLocalCluster) {

    /// Cilium 1.20's (`pkg/clustermesh/types/option.go`): on since 1.19.
    public static final Settings DEFAULTS = new Settings(true);

    private static final Pattern SCHEMA = Pattern.compile("1\\.(\\d{1,4})(\\..*)?");

    /// The schema version of the policies' definitions in Cilium 1.19
    /// (`pkg/k8s/apis/cilium.io/register.go`).
    private static final int SCHEMA_OF_1_19 = 32;

    /// The settings of a cluster.
    ///
    /// @param defaultLocalCluster the key's value; empty if it is not there, so that the default of
    ///   Cilium's version counts: before 1.19, off
    /// @param schema the label `io.cilium.k8s.crd.schema.version` of the policies' definition,
    ///   which tells the version; empty if it is not known
    public static Settings of(Optional<String> defaultLocalCluster, Optional<String> schema) {
        return defaultLocalCluster
                .map(text -> new Settings(!text.equals("false")))
                .or(() -> schema.map(text -> new Settings(isSince119(text))))
                .orElse(DEFAULTS);
    }

    private static boolean isSince119(String schema) {
        var version = SCHEMA.matcher(schema);
        return !version.matches() || Integer.parseInt(version.group(1)) >= SCHEMA_OF_1_19;
    }
}
