package mesh.lockstep.support;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Repository.Commit;

/// Flux's kustomize-controller at work on one cluster, as a process. There is no source-controller:
/// the test says which commit has arrived, so that each arrives where and when the story says.
public final class Flux implements AutoCloseable {

    private static final Path PROGRAM = Path.of("mesh/bin/flux").toAbsolutePath();
    private static final String SOURCES =
            "/apis/source.toolkit.fluxcd.io/v1/namespaces/default/gitrepositories/";
    private static final String KUSTOMIZATIONS =
            "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/default/kustomizations/";

    private final ClusterApi api;
    private final Process process;
    private final Path log;

    /// Starts it; its kinds have to be known.
    ///
    /// @param folder its own, for its kubeconfig and what it unpacks
    public Flux(Mesh mesh, ClusterApi api, Path folder) {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException(
                    "Flux is not built: run mesh/build-tool.sh flux, or all with make test");
        }
        this.api = api;
        log = Path.of("target", "flux-" + api.cluster() + ".log");
        try {
            Files.createDirectories(folder);
            var kubeconfig = folder.resolve("kubeconfig");
            Files.writeString(kubeconfig, mesh.kubeconfig(api.cluster()));
            var builder =
                    new ProcessBuilder(
                                    PROGRAM.toString(),
                                    "--events-addr=",
                                    "--metrics-addr=0",
                                    "--health-addr=0",
                                    "--enable-leader-election=false")
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile());
            builder.environment().put("KUBECONFIG", kubeconfig.toString());
            builder.environment().put("TMPDIR", folder.toString());
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /// How often it looks by itself.
    ///
    /// @param interval at what it has applied: what others changed is undone then
    /// @param retryInterval after a failure
    public record Pace(String interval, String retryInterval) {}

    /// Has the top folder of a repository applied, under this name: at each commit that is
    /// delivered, and at this pace.
    public void follow(String name, Pace pace) {
        apply(
                SOURCES + name,
                """
                apiVersion: source.toolkit.fluxcd.io/v1
                kind: GitRepository
                metadata: {name: %s, namespace: default}
                spec: {url: "https://127.0.0.1/served-by-the-test", interval: 1h}
                """
                        .formatted(name));
        apply(
                KUSTOMIZATIONS + name,
                """
                apiVersion: kustomize.toolkit.fluxcd.io/v1
                kind: Kustomization
                metadata: {name: %1$s, namespace: default}
                spec:
                  sourceRef: {kind: GitRepository, name: %1$s}
                  path: ./
                  prune: true
                  interval: %2$s
                  retryInterval: %3$s
                """
                        .formatted(name, pace.interval(), pace.retryInterval()));
    }

    /// Has it apply nothing, or go on.
    public void suspend(String name, boolean suspended) {
        api.patchAt(KUSTOMIZATIONS + name, Yaml.read("spec: {suspend: %b}".formatted(suspended)));
    }

    /// Says that a commit has arrived here, as source-controller would.
    public void deliver(String name, Commit commit) {
        apply(
                SOURCES + name + "/status",
                """
                apiVersion: source.toolkit.fluxcd.io/v1
                kind: GitRepository
                metadata: {name: %s, namespace: default}
                status:
                  artifact:
                    revision: %s
                    path: %s
                    url: %s
                    digest: %s
                    lastUpdateTime: "%s"
                """
                        .formatted(
                                name,
                                commit.revision(),
                                commit.path(),
                                commit.url(),
                                commit.digest(),
                                now()));
    }

    private void apply(String path, String object) {
        var answer = api.applyAt(path, Yaml.read(object), "flux", false);
        if (!answer.succeeded()) {
            throw new IllegalStateException(answer.message());
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    /// The condition `Ready` of what is followed.
    public JsonNode ready(String name) {
        for (var condition : api.getAt(KUSTOMIZATIONS + name).body().at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    /// Why it failed, each time that it did, oldest first.
    public List<String> failures(String name) {
        return log(name)
                .filter(it -> it.path("level").asText().equals("error"))
                .map(it -> it.path("error").asText())
                .toList();
    }

    /// What it said besides, the API server's warnings among that.
    public List<String> remarks(String name) {
        return log(name)
                .filter(it -> it.path("level").asText().equals("info"))
                .map(it -> it.path("msg").asText())
                .toList();
    }

    private Stream<JsonNode> log(String name) {
        try {
            return Files.readAllLines(log).stream()
                    .filter(it -> it.startsWith("{") && it.endsWith("}"))
                    .map(Flux::parsed)
                    .filter(it -> it.at("/Kustomization/name").asText().equals(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parsed(String line) {
        try {
            return StrictJson.read(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Takes away what was made so; over when the controller has done it.
    public void forget(String name) {
        api.deleteAt(KUSTOMIZATIONS + name);
        await().until(() -> api.getAt(KUSTOMIZATIONS + name).code() == 404);
        api.deleteAt(SOURCES + name);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
