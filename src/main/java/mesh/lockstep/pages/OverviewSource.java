package mesh.lockstep.pages;

import jakarta.inject.Singleton;
import java.util.List;
import mesh.lockstep.peers.KubernetesPeers;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Conditions;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.Scope;

/// Makes overviews of what there is to see now.
@Singleton
class OverviewSource {

    private final Conditions conditions;
    private final KubernetesPeers peers;
    private final Scope scope;
    private final Discretion discretion;

    OverviewSource(
            Conditions conditions, KubernetesPeers peers, Scope scope, Discretion discretion) {
        this.conditions = conditions;
        this.peers = peers;
        this.scope = scope;
        this.discretion = discretion;
    }

    Overview of(Selection selection) {
        return Overview.of(
                here(),
                conditions.lastFullPass(),
                peers.statuses(),
                peers.here()
                        .map(name -> Departures.of(name, peers, scope::has))
                        .orElse(Departures.NONE),
                conditions.all(),
                selection,
                discretion);
    }

    /// This cluster's name; empty until it is known.
    String here() {
        return peers.here().map(ClusterName::value).orElse("");
    }

    /// The namespaces that have policies, in the order of their names.
    List<String> namespaces() {
        return conditions.all().stream()
                .map(condition -> condition.key().namespace())
                .filter(text -> !text.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }
}
