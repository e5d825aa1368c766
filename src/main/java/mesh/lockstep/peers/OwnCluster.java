package mesh.lockstep.peers;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The cluster this webhook runs in: its name as it is configured, or else as Cilium has it. Until
/// that is known we cannot tell a peer from ourselves.
@ApplicationScoped
public class OwnCluster {

    private static final Logger LOG = Logger.getLogger(OwnCluster.class);

    private static final String NAMESPACE = "kube-system";
    private static final String CONFIG_MAP = "cilium-config";
    private static final String KEY = "cluster-name";

    private final Instance<KubernetesClient> client;
    private volatile @Nullable ClusterName name;
    private String lastProblem = "";

    OwnCluster(ClusterConfig config, Instance<KubernetesClient> client) {
        this.client = client;
        this.name = config.name().orElse(null);
    }

    /// Empty until it is known.
    public Optional<ClusterName> name() {
        return Optional.ofNullable(name);
    }

    /// Tries until it is known.
    ClusterName await() throws InterruptedException {
        var backoff = new Backoff();
        while (true) {
            var known = name().or(this::find);
            if (known.isPresent()) {
                name = known.get();
                LOG.infof("This is cluster %s", known.get());
                return known.get();
            }
            backoff.pause();
        }
    }

    private Optional<ClusterName> find() {
        try {
            var config =
                    client.get().configMaps().inNamespace(NAMESPACE).withName(CONFIG_MAP).get();
            var value = config == null ? null : config.getData().get(KEY);
            if (value != null && ClusterName.isValid(value)) {
                return Optional.of(new ClusterName(value));
            }
            report(value == null ? "it is missing" : "it is not a cluster's name");
        } catch (KubernetesClientException e) {
            report(Cause.of(e));
        }
        return Optional.empty();
    }

    private void report(String problem) {
        if (!problem.equals(lastProblem)) {
            lastProblem = problem;
            LOG.warnf(
                    "The own cluster's name cannot be read from ConfigMap %s/%s, key %s: %s. Trying"
                            + " on; lockstep.cluster.name sets it",
                    NAMESPACE, CONFIG_MAP, KEY, problem);
        }
    }
}
