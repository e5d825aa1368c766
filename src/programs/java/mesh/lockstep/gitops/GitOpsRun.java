package mesh.lockstep.gitops;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import mesh.lockstep.gitops.Stories.Story;
import mesh.lockstep.support.ArgoCd;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Program;
import mesh.lockstep.support.Repository;
import mesh.lockstep.support.WebhookProcess;

/// What happens with a repository that real controllers read on their own clocks: a table. Started
/// by `make gitops`. `FluxIT` has the stories in which each step has its moment.
final class GitOpsRun {

    public static void main(String... parts) {
        new Program()
                .part("flux", () -> onAMesh(GitOpsRun::flux))
                .part("argoCd", () -> onAMesh(GitOpsRun::argoCd))
                .run(parts);
    }

    private static final String HEAD =
            """
            | story | ports at the end | as they should be after | refused | beside it | without a policy | who is stuck says |
            |---|---|---|---|---|---|---|\
            """
                    .stripIndent();

    private static final String QUICK_RETRY =
            "{retry: {limit: -1, refresh: true, backoff: {duration: 2s, factor: 1}}, ";

    private static final String BACKGROUND = "PrunePropagationPolicy=background";

    private static final Path FOLDER = Program.folder("gitops");

    private final Mesh mesh;
    private final List<ClusterApi> clusters;

    private GitOpsRun(Mesh mesh) {
        this.mesh = mesh;
        clusters =
                List.of("cluster1", "cluster2", "cluster3").stream()
                        .map(it -> new ClusterApi(mesh, it))
                        .toList();
    }

    private static void onAMesh(Consumer<GitOpsRun> part) {
        var webhook = WebhookProcess.APPLICATION;
        try (var mesh = Mesh.start("gitops", "--clusters", "3", "--webhook", webhook)) {
            var run = new GitOpsRun(mesh);
            part.accept(run);
            run.clusters.forEach(ClusterApi::close);
        }
    }

    private void flux() {
        try (var flux = FluxInEach.start(mesh, clusters, FOLDER.resolve("flux"));
                var repository = new Repository(FOLDER.resolve("repository"))) {
            play(
                    "flux",
                    "Flux's kustomize-controller, interval 5 s, retryInterval 2 s",
                    Duration.ofSeconds(25),
                    Stories.all(),
                    name -> new FluxDelivery(name, repository, flux.clusters()));
        }
    }

    private void argoCd() {
        try (var argoCd = new ArgoCd(mesh, clusters, FOLDER.resolve("argocd"))) {
            play(
                    "argocd",
                    "Argo CD, refreshed every 5 s, retry {limit: -1, refresh: true}, each 2 s",
                    Duration.ofSeconds(25),
                    Stories.all(),
                    applications(argoCd, QUICK_RETRY + "syncOptions: [" + BACKGROUND + "]}"));
            play(
                    "replace",
                    "Argo CD, the same with Replace=true and Force=true",
                    Duration.ofSeconds(25),
                    Stories.replaced(),
                    applications(
                            argoCd,
                            QUICK_RETRY
                                    + "syncOptions: [Replace=true, Force=true, "
                                    + BACKGROUND
                                    + "]}"));
            play(
                    "default-retry",
                    "Argo CD, refreshed every 5 s, with its own retry: five times, later and later",
                    Duration.ofMinutes(6),
                    Stories.refused(),
                    applications(argoCd, "{syncOptions: [" + BACKGROUND + "]}"));
        }
    }

    private Function<String, Delivery> applications(ArgoCd argoCd, String syncPolicy) {
        return name -> {
            var repository = FOLDER.resolve(name);
            return new ArgoCdDelivery(name, argoCd, clusters, repository, syncPolicy);
        };
    }

    private void play(
            String prefix,
            String title,
            Duration patience,
            List<Story> stories,
            Function<String, Delivery> deliveries) {
        System.out.println("\n" + title + "\n" + HEAD);
        int number = 0;
        for (var story : stories) {
            var name = prefix + "-" + ++number;
            try (var play = new Play(mesh, clusters, name, deliveries.apply(name), patience)) {
                System.out.println(story.play(play));
            }
        }
    }
}
