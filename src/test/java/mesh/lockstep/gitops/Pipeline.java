package mesh.lockstep.gitops;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Flux;
import mesh.lockstep.support.Flux.Pace;
import mesh.lockstep.support.Repository;
import mesh.lockstep.support.Repository.Commit;

/// One folder of a repository, followed by the Flux of each cluster.
final class Pipeline implements AutoCloseable {

    private final String name;
    private final Repository repository;
    private final RepositoryFolder files;
    private final Map<ClusterApi, Flux> clusters;

    /// @param name of the policy, and of all else
    Pipeline(String name, Repository repository, Map<ClusterApi, Flux> clusters, Pace pace) {
        this.name = name;
        this.repository = repository;
        this.clusters = clusters;
        files = new RepositoryFolder(name);
        clusters.values().forEach(it -> it.follow(name, pace));
    }

    /// A commit with the policy's next version.
    Commit commit(int port) {
        return repository.commit(files.with(port));
    }

    Commit commitWithRevision(int port, int revision) {
        return repository.commit(files.with(port, revision));
    }

    /// A commit that has the policy no more.
    Commit commitWithoutPolicy() {
        return repository.commit(files.without());
    }

    /// A commit reaches some clusters, one soon after the other.
    void deliver(Commit commit, ClusterApi... here) {
        for (var cluster : here) {
            flux(cluster).deliver(name, commit);
        }
    }

    /// It is applied there, and its controllers say so.
    void arrives(Commit commit, ClusterApi... here) {
        for (var cluster : here) {
            await().atMost(SOON)
                    .untilAsserted(
                            () -> {
                                var ready = flux(cluster).ready(name);
                                assertThat(ready.path("message").asText())
                                        .as(cluster.cluster())
                                        .isEqualTo("Applied revision: " + commit.revision());
                                assertThat(ready.path("status").asText()).isEqualTo("True");
                            });
        }
    }

    /// It is refused there, time and again.
    ///
    /// @return why, each time
    List<String> isRefused(ClusterApi here) {
        var before = refusals(here).size();
        await().atMost(SOON).until(() -> refusals(here).size() >= before + 3);
        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            var ready = flux(here).ready(name);
                            assertThat(ready.path("reason").asText())
                                    .isEqualTo("ReconciliationFailed");
                            assertThat(ready.path("message").asText())
                                    .startsWith(
                                            "CiliumNetworkPolicy/default/%s dry-run failed (Forbidden): "
                                                            .formatted(name)
                                                    + "admission webhook \"policies.lockstep.mesh\" denied the request: ");
                        });
        var all = refusals(here);
        return all.subList(before, all.size());
    }

    /// What the webhook has answered there, each time that it refused.
    List<String> refusals(ClusterApi here) {
        return flux(here).failures(name).stream()
                .filter(it -> it.contains("denied the request"))
                .toList();
    }

    /// What its controller has said there, besides failures.
    List<String> remarks(ClusterApi here) {
        return flux(here).remarks(name);
    }

    /// The port of the policy in each cluster, in their order.
    String ports() {
        return files.portsIn(clusters.keySet());
    }

    /// The same of the commit that the ConfigMap is from.
    String portsBeside() {
        return files.portsBesideIn(clusters.keySet());
    }

    /// What distinguishes a policy from one created again under the same name.
    List<String> uids() {
        return clusters.keySet().stream()
                .map(it -> it.get(name).body().at("/metadata/uid").asText())
                .toList();
    }

    private Flux flux(ClusterApi cluster) {
        return Optional.ofNullable(clusters.get(cluster)).orElseThrow();
    }

    @Override
    public void close() {
        clusters.values().forEach(it -> it.forget(name));
    }
}
