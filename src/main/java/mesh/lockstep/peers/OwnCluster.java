package mesh.lockstep.peers;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.Optional;
import mesh.lockstep.rollout.ClusterName;
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
            var found =
                    Optional.ofNullable(
                                    client.get()
                                            .configMaps()
                                            .inNamespace(NAMESPACE)
                                            .withName(CONFIG_MAP)
                                            .get())
                            .map(ConfigMap::getData)
                            .map(data -> data.get(KEY));
            if (found.filter(ClusterName::isValid).isEmpty()) {
                report(found.isEmpty() ? "it is missing" : "it is no cluster's name");
            }
            return found.filter(ClusterName::isValid).map(ClusterName::new);
        } catch (KubernetesClientException e) {
            report(e.getCode() > 0 ? "HTTP " + e.getCode() : Cause.of(e));
            return Optional.empty();
        } catch (RuntimeException e) {
            // Whatever it is, there is nothing to do but to try on.
            report(Cause.of(e));
            return Optional.empty();
        }
    }

    private void report(String problem) {
        // Who is interrupted is asked to stop, and has no news.
        if (!problem.equals(lastProblem) && !Thread.currentThread().isInterrupted()) {
            lastProblem = problem;
            LOG.warnf(
                    "The own cluster's name cannot be read from ConfigMap %s/%s, key %s: %s. Trying"
                            + " on; lockstep.cluster.name sets it",
                    NAMESPACE, CONFIG_MAP, KEY, problem);
        }
    }
}
