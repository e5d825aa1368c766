package mesh.lockstep.cli;

import java.util.Optional;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.reading.Settings;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.MemberSettings;

/// A cluster of the mesh that answers, and what is known of it besides its policies.
///
/// @param uid of the namespace `kube-system`, which no two clusters have in common; empty where it
///   may not be read
record Member(
        String context, ClusterName name, Optional<String> uid, MemberFacts facts, PeerApi api) {

    /// With which policies are read for this cluster: Cilium's own where they are not known.
    Settings settings() {
        return facts.settings()
                .map(settings -> settings.values().get(MemberSettings.LOCAL_BY_DEFAULT))
                .map(text -> new Settings(Boolean.parseBoolean(text)))
                .orElse(Settings.DEFAULTS);
    }
}
