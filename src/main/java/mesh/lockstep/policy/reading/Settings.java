package mesh.lockstep.policy.reading;

/// What of a cluster's Cilium configuration changes how a policy reads.
///
/// @param defaultLocalCluster `policy-default-local-cluster` of `cilium-config`: whether a peer
///   selector that names no cluster means this one; otherwise it means every cluster of the mesh
public record Settings(boolean defaultLocalCluster) {

    /// Cilium 1.20's (`pkg/clustermesh/types/option.go`): on since 1.19.
    public static final Settings DEFAULTS = new Settings(true);
}
