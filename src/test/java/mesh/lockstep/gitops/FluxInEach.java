package mesh.lockstep.gitops;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Flux;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Mesh;

/// The Flux of each cluster.
record FluxInEach(Map<ClusterApi, Flux> clusters) implements AutoCloseable {

    private static final Path KINDS = Path.of("mesh/bin/flux-crds").toAbsolutePath();

    /// Makes its kinds known in each cluster, and starts it.
    static FluxInEach start(Mesh mesh, List<ClusterApi> clusters, Path folder) {
        var started = new LinkedHashMap<ClusterApi, Flux>();
        for (var cluster : clusters) {
            install(mesh.kubectl(cluster.cluster()));
            started.put(cluster, new Flux(mesh, cluster, folder.resolve(cluster.cluster())));
        }
        return new FluxInEach(started);
    }

    private static void install(Kubectl kubectl) {
        var applied = kubectl.run("apply", "--server-side", "-f", KINDS.toString());
        assertThat(applied.succeeded()).as(applied.err()).isTrue();
        await().atMost(SOON)
                .until(() -> kubectl.run("get", "kustomizations,gitrepositories").succeeded());
    }

    @Override
    public void close() {
        clusters.values().forEach(Flux::close);
    }
}
