package mesh.lockstep.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Flux.Pace;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Repository;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a repository that three clusters follow goes through, with Flux's own kustomize-controller
/// in each. A commit reaches each cluster when the story says so. Where nothing else is said,
/// nobody may have to do anything for all to arrive.
class FluxIT {

    private static final Mesh MESH = Mesh.shared();
    private static final ClusterApi ONE = new ClusterApi(MESH, "cluster1");
    private static final ClusterApi TWO = new ClusterApi(MESH, "cluster2");
    private static final ClusterApi THREE = new ClusterApi(MESH, "cluster3");
    private static final ClusterApi[] ALL = {ONE, TWO, THREE};

    /// What others change stays until the next commit; what is refused is tried again each second.
    private static final Pace WHEN_TOLD = new Pace("1h", "1s");

    @TempDir static Path folder;

    private static FluxInEach flux;
    private static Repository repository;

    @BeforeAll
    static void start() {
        repository = new Repository(folder);
        flux = FluxInEach.start(MESH, List.of(ALL), folder);
    }

    @AfterAll
    static void end() {
        flux.close();
        repository.close();
        List.of(ALL).forEach(ClusterApi::close);
    }

    @Test
    void aCommitArrivesAndNobodyIsRefused() {
        try (var pipeline = pipeline("plain")) {
            for (int port : List.of(80, 8080)) {
                var commit = pipeline.commit(port);
                pipeline.deliver(commit, ALL);
                pipeline.arrives(commit, ALL);
            }

            assertThat(pipeline.ports()).isEqualTo("8080 8080 8080");
            nobodyWasRefused(pipeline);
            assertThat(remarks(pipeline)).anyMatch(it -> it.endsWith("[Previous]"));
        }
    }

    @Test
    void aCommitOvertakesTheOneBefore() {
        try (var pipeline = pipelineAt("overtaken", 80)) {
            var uids = pipeline.uids();
            var second = pipeline.commit(8080);
            pipeline.deliver(second, ONE);
            pipeline.arrives(second, ONE);
            var third = pipeline.commit(9090);

            pipeline.deliver(third, TWO, THREE);
            var refusals = pipeline.isRefused(TWO);
            assertThat(refusals).allMatch(it -> it.contains("cluster1"));
            pipeline.deliver(third, ONE);
            pipeline.arrives(third, ALL);

            assertThat(pipeline.ports()).isEqualTo("9090 9090 9090");
            assertThat(pipeline.refusals(ONE)).isEmpty();
            assertThat(pipeline.uids()).isEqualTo(uids);
        }
    }

    @Test
    void whoGetsNothingForAWhileBlocksNobody() {
        try (var pipeline = pipelineAt("behind", 80)) {
            var second = pipeline.commit(8080);
            pipeline.deliver(second, ONE, TWO);
            pipeline.arrives(second, ONE, TWO);
            var third = pipeline.commit(9090);
            pipeline.deliver(third, ONE, TWO);
            pipeline.arrives(third, ONE, TWO);
            assertThat(pipeline.ports()).isEqualTo("9090 9090 80");

            pipeline.deliver(second, THREE);
            pipeline.arrives(second, THREE);
            pipeline.deliver(third, THREE);
            pipeline.arrives(third, THREE);

            assertThat(pipeline.ports()).isEqualTo("9090 9090 9090");
            nobodyWasRefused(pipeline);
        }
    }

    /// What cluster3 has looks like somebody's own change: no history can tell.
    @Test
    void whoIsAheadAndSleepsStopsTheOthersUntilTheCommitRaisesTheRevision() {
        try (var pipeline = pipelineAt("ahead", 80)) {
            var second = pipeline.commit(8080);
            pipeline.deliver(second, THREE);
            pipeline.arrives(second, THREE);

            pipeline.deliver(pipeline.commit(9090), ONE, TWO);
            for (var cluster : List.of(ONE, TWO)) {
                assertThat(pipeline.isRefused(cluster))
                        .allMatch(
                                it ->
                                        it.contains(
                                                "would differ from cluster3, which has moved on [Differs]"));
            }
            assertThat(pipeline.ports()).isEqualTo("80 80 8080");
            assertThat(pipeline.portsBeside()).isEqualTo("80 80 8080");

            var raised = pipeline.commitWithRevision(9090, 1);
            pipeline.deliver(raised, ONE, TWO);
            pipeline.arrives(raised, ONE, TWO);
            assertThat(pipeline.ports()).isEqualTo("9090 9090 8080");
            pipeline.deliver(raised, THREE);
            pipeline.arrives(raised, THREE);

            assertThat(pipeline.ports()).isEqualTo("9090 9090 9090");
        }
    }

    /// A text that changes is a new event and a new alert at each try.
    @Test
    void aRefusalReadsTheSameAtEachTryWhateverHappensThere() {
        try (var pipeline = pipelineAt("same-words", 80)) {
            var second = pipeline.commit(8080);
            pipeline.deliver(second, TWO, THREE);
            pipeline.arrives(second, TWO, THREE);
            pipeline.deliver(pipeline.commit(9090), ONE);
            var first = pipeline.isRefused(ONE).getFirst();

            for (var cluster : List.of(TWO, THREE)) {
                var labeled =
                        cluster.patch("same-words", Yaml.read("metadata: {labels: {team: web}}"));
                assertThat(labeled.succeeded()).as(labeled.message()).isTrue();
            }
            pipeline.isRefused(ONE);

            assertThat(pipeline.refusals(ONE)).containsOnly(first);
        }
    }

    /// The controller did not undo the edit before the commit came. cluster2 comes from what the
    /// others have; they wait for it.
    @Test
    void aCommitReplacesWhatWasEditedByHand() {
        try (var pipeline = pipelineAt("edited", 80)) {
            var edited =
                    MESH.kubectl("cluster2")
                            .apply(
                                    new RepositoryFolder("edited").policy(99),
                                    "--server-side",
                                    "--force-conflicts");
            assertThat(edited.succeeded()).as(edited.err()).isTrue();
            assertThat(pipeline.ports()).isEqualTo("80 99 80");
            var second = pipeline.commit(8080);

            pipeline.deliver(second, ONE, THREE);
            assertThat(pipeline.isRefused(ONE)).allMatch(it -> it.contains("cluster2"));
            pipeline.deliver(second, TWO);
            pipeline.arrives(second, ALL);

            assertThat(pipeline.ports()).isEqualTo("8080 8080 8080");
            assertThat(pipeline.refusals(TWO)).isEmpty();
        }
    }

    /// What is created comes from what was deleted, also for a webhook that did not see it deleted.
    @Test
    void whatIsPrunedAndComesBackLeavesNobodyWithoutAPolicy() {
        try (var pipeline = pipelineAt("pruned", 80)) {
            var without = pipeline.commitWithoutPolicy();
            pipeline.deliver(without, ONE, TWO);
            pipeline.arrives(without, ONE, TWO);
            assertThat(pipeline.ports()).isEqualTo("none none 80");
            restartWebhook(TWO);
            var back = pipeline.commit(8080);

            pipeline.deliver(back, ONE, TWO);
            pipeline.arrives(back, ONE, TWO);

            assertThat(pipeline.ports()).isEqualTo("8080 8080 80");
            pipeline.deliver(back, THREE);
            pipeline.arrives(back, THREE);
            nobodyWasRefused(pipeline);
        }
    }

    @Test
    void aWebhookThatRestartsMidwayRefusesNothingThatItAdmittedBefore() {
        try (var pipeline = pipelineAt("restarted", 80)) {
            var second = pipeline.commit(8080);
            pipeline.deliver(second, ONE, TWO);
            pipeline.arrives(second, ONE, TWO);

            restartWebhook(ONE);
            restartWebhook(THREE);
            var third = pipeline.commit(9090);
            pipeline.deliver(third, ONE, TWO);
            pipeline.arrives(third, ONE, TWO);
            pipeline.deliver(second, THREE);
            pipeline.arrives(second, THREE);
            pipeline.deliver(third, THREE);
            pipeline.arrives(third, THREE);

            nobodyWasRefused(pipeline);
        }
    }

    private static Pipeline pipeline(String name) {
        return new Pipeline(name, repository, flux.clusters(), WHEN_TOLD);
    }

    /// One whose first commit has arrived everywhere.
    private static Pipeline pipelineAt(String name, int port) {
        var pipeline = pipeline(name);
        var first = pipeline.commit(port);
        pipeline.deliver(first, ALL);
        pipeline.arrives(first, ALL);
        return pipeline;
    }

    private static void restartWebhook(ClusterApi api) {
        MESH.stopWebhook(api.cluster());
        MESH.startWebhook(api.cluster());
    }

    private static void nobodyWasRefused(Pipeline pipeline) {
        for (var api : ALL) {
            assertThat(pipeline.refusals(api)).as(api.cluster()).isEmpty();
        }
    }

    private static List<String> remarks(Pipeline pipeline) {
        return List.of(ALL).stream().flatMap(it -> pipeline.remarks(it).stream()).toList();
    }
}
