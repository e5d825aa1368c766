package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mesh.lockstep.policy.StrictJson;
import org.jspecify.annotations.Nullable;

/// Real clusters on this machine: an etcd and a kube-apiserver for each and, if wanted, the
/// packaged webhook in each, driven through `mesh/bin/mesh up --control`. When this process ends,
/// in whatever way, the mesh ends.
public final class Mesh implements AutoCloseable {

    /// Which of the processes this is that run tests side by side, from 1 on.
    static final int LANE = Integer.getInteger("mesh.lane", 1);

    private static final Path LAUNCHER = Path.of("mesh/bin/mesh").toAbsolutePath();
    private static final long END_SECONDS = 30;

    private static @Nullable Mesh shared;
    private static @Nullable Mesh bare;

    private final Process process;
    private final BufferedReader answers;
    private final Path description;

    private Mesh(Process process, Path log) {
        this.process = process;
        answers = process.inputReader(StandardCharsets.UTF_8);
        var ready = readLine();
        if (!ready.startsWith("ready ")) {
            throw new IllegalStateException("the mesh did not start: see " + log);
        }
        description = Path.of(ready.substring("ready ".length()));
    }

    /// The mesh of three clusters with a webhook in each, started once for all tests of a lane.
    public static synchronized Mesh shared() {
        if (shared == null) {
            var mesh = start("shared", "--clusters", "3", "--webhook", WebhookProcess.APPLICATION);
            Runtime.getRuntime().addShutdownHook(new Thread(mesh::close));
            shared = mesh;
        }
        return shared;
    }

    /// Three clusters without a webhook, for tests that install one as a user does; with the
    /// controllers that an installation meets. Started once.
    public static synchronized Mesh bare() {
        if (bare == null) {
            var mesh = start("bare", "--clusters", "3", "--controllers");
            Runtime.getRuntime().addShutdownHook(new Thread(mesh::close));
            bare = mesh;
        }
        return bare;
    }

    /// A mesh of one's own, to be closed.
    ///
    /// @param name of its log file under `target/`, before our lane
    public static Mesh start(String name, String... options) {
        return start(name, Map.of(), options);
    }

    /// A mesh of one's own, to be closed.
    ///
    /// @param environment of its webhooks, beyond ours
    public static Mesh start(String name, Map<String, String> environment, String... options) {
        if (!Files.isExecutable(LAUNCHER)) {
            throw new IllegalStateException(
                    "the mesh is not built: run mesh/build.sh controllers, or all with make test");
        }
        var command = new ArrayList<>(List.of(LAUNCHER.toString(), "up", "--control"));
        command.addAll(List.of(options));
        var log = Path.of("target", "mesh-%s-%d.log".formatted(name, LANE));
        var builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().putAll(environment);
        prepare(builder);
        try {
            return new Mesh(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lets a launcher find Java, and the ports of this lane.
    public static void prepare(ProcessBuilder launcher) {
        launcher.environment().put("JAVA_HOME", System.getProperty("java.home"));
        launcher.environment().put("MESH_LANE", Integer.toString(LANE));
    }

    /// Stops one cluster's API server; what it stored stays.
    public void stop(String cluster) {
        order("stop " + cluster);
    }

    /// Starts a stopped API server at the same address, and waits until it is ready.
    public void start(String cluster) {
        order("start " + cluster);
    }

    /// Keeps what a cluster stores at this moment.
    public void save(String cluster) {
        order("save " + cluster);
    }

    /// Gives a cluster back what it stored when it was saved, as restoring a backup of etcd does:
    /// its API server and etcd stop, and start with older data and resource versions.
    public void rewind(String cluster) {
        order("rewind " + cluster);
    }

    public void stopWebhook(String cluster) {
        order("stop-webhook " + cluster);
    }

    public void startWebhook(String cluster) {
        order("start-webhook " + cluster);
    }

    /// The admin's kubeconfig, with a context for each cluster.
    public Path kubeconfig() {
        return path(description(), "kubeconfig");
    }

    /// The text of the admin's kubeconfig for a program that uses the current context.
    public String kubeconfig(String cluster) {
        try {
            return Files.readString(kubeconfig())
                    .replaceFirst("current-context: .*", "current-context: " + cluster);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the launcher tells of one cluster, as it is now.
    public JsonNode cluster(String name) {
        for (var cluster : description().path("clusters")) {
            if (cluster.path("name").asText().equals(name)) {
                return cluster;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    public static Path path(JsonNode parent, String field) {
        return Path.of(parent.path(field).asText());
    }

    /// Runs the real kubectl.
    public Kubectl kubectl(String cluster) {
        var programs = description().path("programs");
        return new Kubectl(path(programs, "kubectl"), kubeconfig(), cluster);
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode description() {
        try {
            return StrictJson.read(Files.readAllBytes(description));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void order(String order) {
        try {
            var orders = process.outputWriter(StandardCharsets.UTF_8);
            orders.write(order + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var answer = readLine();
        if (!answer.equals("ok " + order)) {
            throw new IllegalStateException(answer);
        }
    }

    private String readLine() {
        try {
            var line = answers.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
