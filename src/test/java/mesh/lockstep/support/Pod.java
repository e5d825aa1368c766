package mesh.lockstep.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// One pod of the Deployment `lockstep` as the kubelet would run it, played by a process: user,
/// environment, arguments, mounts, read-only root and probes are those of the object that the API
/// server holds, command and folder those of the Dockerfile. Only its ports differ, since all pods
/// share this machine. A field that this does not play fails, so that manifest and reality cannot
/// diverge. Needs Linux.
public final class Pod implements AutoCloseable {

    static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));

    private static final Path APPLICATION = Path.of(WebhookProcess.APPLICATION).toAbsolutePath();
    private static final boolean IS_NATIVE = !Files.isDirectory(APPLICATION);
    private static final Path DOCKERFILE =
            Path.of("src/main/docker", IS_NATIVE ? "Dockerfile.native" : "Dockerfile.jvm");

    /// What an overlay for a JVM adds, wherever the JVM is started.
    private static final Path FOR_A_JVM = Path.of("k8s/components/jvm/deployment.yaml");

    private static final Path ENTER = Path.of("src/test/resources/pod/enter.sh").toAbsolutePath();
    private static final String ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final Duration SOON = Duration.ofMinutes(3);

    /// Played, or without meaning for one process.
    private static final List<String> POD_FIELDS =
            List.of(
                    "automountServiceAccountToken",
                    "containers",
                    "dnsPolicy",
                    "priorityClassName",
                    "restartPolicy",
                    "schedulerName",
                    "securityContext",
                    "serviceAccount",
                    "serviceAccountName",
                    "terminationGracePeriodSeconds",
                    "topologySpreadConstraints",
                    "volumes");

    private static final List<String> CONTAINER_FIELDS =
            List.of(
                    "args",
                    "env",
                    "image",
                    "imagePullPolicy",
                    "livenessProbe",
                    "name",
                    "ports",
                    "readinessProbe",
                    "resources",
                    "securityContext",
                    "startupProbe",
                    "terminationMessagePath",
                    "terminationMessagePolicy",
                    "volumeMounts");

    private final Mesh mesh;
    private final String cluster;
    private final Path folder;
    private final JsonNode spec;
    private final JsonNode container;
    private final List<MountedSecret> secrets = new ArrayList<>();
    private final int https = Ports.free();
    private final int management = Ports.free();
    private final Process process;

    private Pod(Mesh mesh, String cluster, Path folder) throws IOException {
        this.mesh = mesh;
        this.cluster = cluster;
        this.folder = Files.createDirectories(folder);
        var deployment =
                kubectl().run("get", "deployment", "lockstep", "-n", "lockstep", "-o", "json");
        spec = Yaml.read(deployment.out()).path("spec").path("template").path("spec");
        container = spec.path("containers").path(0);
        assertThat(spec.fieldNames()).toIterable().isSubsetOf(POD_FIELDS);
        assertThat(container.fieldNames()).toIterable().isSubsetOf(CONTAINER_FIELDS);
        // The Service and the probes name them.
        assertThat(container.path("ports"))
                .extracting(it -> it.path("name").asText())
                .containsExactlyInAnyOrder("https", "management");
        process = launch();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    public static Pod start(Mesh mesh, String cluster, Path folder) {
        try {
            return new Pod(mesh, cluster, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Brings changed Secrets into the pod, which takes the kubelet about a minute.
    public void refreshMounts() {
        secrets.forEach(MountedSecret::refresh);
    }

    /// Waits as the kubelet does: started, then ready, then alive.
    public Pod awaitReady() {
        for (var name : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            await(name + " of " + cluster + ", see " + folder)
                    .atMost(SOON)
                    .until(() -> probe(container.path(name)));
        }
        return this;
    }

    public boolean isReady() {
        return probe(container.path("readinessProbe"));
    }

    /// Where the API server reaches it on this machine.
    public int httpsPort() {
        return https;
    }

    private int port(String name) {
        return switch (name) {
            case "https" -> https;
            case "management" -> management;
            default -> throw new IllegalArgumentException("no port " + name);
        };
    }

    public String management(String path) {
        return get("management", path).body();
    }

    public X509Certificate servedCertificate() {
        return ServedCertificate.at(httpsPort());
    }

    public Process process() {
        return process;
    }

    private Kubectl kubectl() {
        return mesh.kubectl(cluster);
    }

    private boolean probe(JsonNode probe) {
        var http = probe.path("httpGet");
        try {
            return get(http.path("port").asText(), http.path("path").asText()).code() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private record Answer(int code, String body) {}

    private Answer get(String port, String path) {
        var uri = URI.create("http://127.0.0.1:" + port(port) + path);
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process launch() throws IOException {
        var command = new ArrayList<>(List.of("unshare", "--mount"));
        if (!IS_ROOT) {
            command.add("--map-root-user");
        }
        var context = spec.path("securityContext");
        var workdir = instruction("WORKDIR", "(.+)");
        command.add(ENTER.toString());
        command.add(Files.createDirectories(folder.resolve("root")).toString());
        command.add(workdir);
        command.add(context.path("runAsUser").asText());
        command.add(context.path("runAsGroup").asText());
        command.add(content() + ":" + workdir);
        command.addAll(mounts());
        command.add("--");
        Pattern.compile("\"([^\"]*)\"")
                .matcher(instruction("ENTRYPOINT", "\\[(.+)]"))
                .results()
                .forEach(word -> command.add(word.group(1)));
        container.path("args").forEach(it -> command.add(it.asText()));
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment());
        return builder.start();
    }

    private Path log() {
        return folder.resolve("log");
    }

    /// What the Dockerfile copies into the image.
    private static Path content() {
        return IS_NATIVE ? APPLICATION.resolveSibling("") : APPLICATION;
    }

    private static String instruction(String name, String value) throws IOException {
        var found =
                Pattern.compile("^" + name + " " + value + "$", Pattern.MULTILINE)
                        .matcher(Files.readString(DOCKERFILE));
        assertThat(found.find()).as("%s in %s", name, DOCKERFILE).isTrue();
        return found.group(1);
    }

    private Map<String, String> environment() {
        var home = System.getProperty("java.home");
        var environment = new HashMap<String, String>();
        addTo(environment, container);
        if (!IS_NATIVE) {
            addTo(environment, Yaml.read(FOR_A_JVM).at("/spec/template/spec/containers/0"));
        }
        var server = URI.create(mesh.cluster(cluster).path("server").asText());
        environment.put("KUBERNETES_SERVICE_HOST", server.getHost());
        environment.put("KUBERNETES_SERVICE_PORT", Integer.toString(server.getPort()));
        environment.put("JAVA_HOME", home);
        environment.put("PATH", home + "/bin:/usr/bin:/usr/sbin:/bin:/sbin");
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_SSL_PORT", Integer.toString(https));
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(management));
        if (!IS_ROOT) {
            environment.put("MAPPED", "yes");
        }
        return environment;
    }

    private static void addTo(Map<String, String> environment, JsonNode container) {
        for (var variable : container.path("env")) {
            assertThat(variable.has("value")).as("%s", variable).isTrue();
            environment.put(variable.path("name").asText(), variable.path("value").asText());
        }
    }

    /// As [#ENTER] takes them.
    private List<String> mounts() throws IOException {
        var mounts = new ArrayList<String>();
        for (var mount : container.path("volumeMounts")) {
            var target = mount.path("mountPath").asText();
            var volume = volume(mount.path("name").asText());
            if (volume.has("emptyDir")) {
                var size = volume.path("emptyDir").path("sizeLimit").asText().replace("Mi", "m");
                mounts.add("tmpfs:" + target + ":" + size);
            } else {
                assertThat(volume.has("secret")).as("%s", volume).isTrue();
                assertThat(mount.path("readOnly").asBoolean()).as(target).isTrue();
                mounts.add(mounted(volume.path("secret"), target) + ":" + target);
            }
        }
        if (spec.path("automountServiceAccountToken").asBoolean()) {
            mounts.add(account() + ":" + ACCOUNT_FOLDER);
        }
        return mounts;
    }

    private JsonNode volume(String name) {
        for (var volume : spec.path("volumes")) {
            if (volume.path("name").asText().equals(name)) {
                return volume;
            }
        }
        throw new IllegalStateException("no volume " + name);
    }

    private Path mounted(JsonNode secret, String target) throws IOException {
        var place = Files.createDirectories(folder.resolve("mounts" + target));
        var group = spec.path("securityContext").path("fsGroup").asInt();
        var mounted = new MountedSecret(kubectl(), secret, group, place);
        mounted.refresh();
        secrets.add(mounted);
        return place;
    }

    private Path account() throws IOException {
        var name = spec.path("serviceAccountName").asText();
        var token = kubectl().run("create", "token", name, "-n", "lockstep").out().strip();
        var place = Files.createDirectories(folder.resolve("mounts" + ACCOUNT_FOLDER));
        Files.writeString(place.resolve("token"), token);
        Files.writeString(place.resolve("namespace"), "lockstep");
        Files.copy(Mesh.path(mesh.cluster(cluster), "caFile"), place.resolve("ca.crt"));
        Files.setAttribute(place.resolve("ca.crt"), "unix:mode", 0644);
        return place;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
