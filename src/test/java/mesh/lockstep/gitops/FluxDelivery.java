package mesh.lockstep.gitops;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Flux;
import mesh.lockstep.support.Flux.Pace;
import mesh.lockstep.support.Repository;
import mesh.lockstep.support.Repository.Commit;
import org.jspecify.annotations.Nullable;

/// Flux. In place of source-controller something of ours looks at the head of the repository for
/// each cluster.
final class FluxDelivery implements Delivery {

    private static final Pace PACE = new Pace("5s", "2s");

    private final String name;
    private final Repository repository;
    private final Map<ClusterApi, Flux> clusters;
    private final Phases phases;
    private final Map<ClusterApi, Commit> seen = new ConcurrentHashMap<>();
    private volatile @Nullable Commit head;

    FluxDelivery(String name, Repository repository, Map<ClusterApi, Flux> clusters) {
        this.name = name;
        this.repository = repository;
        this.clusters = clusters;
        clusters.values().forEach(it -> it.follow(name, PACE));
        phases = new Phases(clusters.keySet(), this::poll);
    }

    private void poll(ClusterApi cluster) {
        var commit = head;
        if (commit != null && !commit.equals(seen.put(cluster, commit))) {
            flux(cluster).deliver(name, commit);
        }
    }

    @Override
    public void push(Map<String, String> files) {
        head = repository.commit(files);
    }

    @Override
    public void suspend(ClusterApi cluster) {
        flux(cluster).suspend(name, true);
    }

    @Override
    public void resume(ClusterApi cluster) {
        flux(cluster).suspend(name, false);
    }

    @Override
    public String status(ClusterApi cluster) {
        var ready = flux(cluster).ready(name);
        return "Ready=%s %s: %s"
                .formatted(
                        ready.path("status").asText(),
                        ready.path("reason").asText(),
                        ready.path("message").asText());
    }

    private Flux flux(ClusterApi cluster) {
        return Optional.ofNullable(clusters.get(cluster)).orElseThrow();
    }

    @Override
    public void close() {
        phases.close();
        clusters.keySet().forEach(this::resume);
        clusters.values().forEach(it -> it.forget(name));
    }
}
