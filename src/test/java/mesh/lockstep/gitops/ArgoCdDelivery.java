package mesh.lockstep.gitops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mesh.lockstep.support.ArgoCd;
import mesh.lockstep.support.ClusterApi;

/// Argo CD: a Git repository, and an Application for each cluster, as an ApplicationSet makes them.
/// One Argo CD would look at all of them in the same moment: each is refreshed by us.
final class ArgoCdDelivery implements Delivery {

    private final String name;
    private final ArgoCd argoCd;
    private final List<ClusterApi> clusters;
    private final Path repository;
    private final Phases phases;

    /// @param repository a folder of its own
    /// @param syncPolicy what the Applications' `syncPolicy` says beyond that they are automated
    ArgoCdDelivery(
            String name,
            ArgoCd argoCd,
            List<ClusterApi> clusters,
            Path repository,
            String syncPolicy) {
        this.name = name;
        this.argoCd = argoCd;
        this.clusters = clusters;
        this.repository = repository;
        try {
            Files.createDirectories(repository);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        git("init", "--quiet", "--initial-branch=main");
        git("commit", "--quiet", "--allow-empty", "--message=nothing yet");
        for (var cluster : clusters) {
            argoCd.follow(application(cluster), repository, cluster.cluster(), syncPolicy);
        }
        phases = new Phases(clusters, it -> argoCd.refresh(application(it)));
    }

    private String application(ClusterApi cluster) {
        return name + "-" + cluster.cluster();
    }

    @Override
    public void push(Map<String, String> files) {
        git("rm", "-r", "--quiet", "--ignore-unmatch", ".");
        try {
            for (var file : files.entrySet()) {
                Files.writeString(repository.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        git("add", "--all");
        git("commit", "--quiet", "--message=next");
    }

    /// As anyone: the settings of the machine are ignored.
    private void git(String... arguments) {
        var command =
                new ArrayList<>(
                        List.of(
                                "git",
                                "-c",
                                "user.name=author",
                                "-c",
                                "user.email=author@example.com"));
        command.addAll(List.of(arguments));
        var builder =
                new ProcessBuilder(command)
                        .directory(repository.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        try {
            if (builder.start().waitFor() != 0) {
                throw new IllegalStateException("git " + String.join(" ", arguments) + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void suspend(ClusterApi cluster) {
        argoCd.automate(application(cluster), false);
    }

    @Override
    public void resume(ClusterApi cluster) {
        argoCd.automate(application(cluster), true);
    }

    @Override
    public String status(ClusterApi cluster) {
        var status = argoCd.status(application(cluster));
        return "%s, %s: %s"
                .formatted(
                        status.at("/sync/status").asText(),
                        status.at("/operationState/phase").asText(),
                        status.at("/operationState/message").asText());
    }

    @Override
    public void close() {
        phases.close();
        clusters.forEach(it -> argoCd.forget(application(it)));
    }
}
