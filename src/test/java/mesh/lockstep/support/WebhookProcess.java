package mesh.lockstep.support;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The packaged application as a process, outside of any cluster.
public final class WebhookProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(1);

    /// The setting of a JVM's options, of which an executable gets those of the heap.
    public static final String OPTIONS = "JDK_JAVA_OPTIONS";

    /// Ready sooner, and by less of what the tests share: nearly half of the processor time.
    private static final String QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    /// With the heap that half of the Deployment's limit is.
    public static final String AS_IN_A_POD = "-Xmx256m -XX:+ExitOnOutOfMemoryError " + QUICK;

    private static final String API_SERVER = "KUBERNETES_MASTER";

    private final Process process;
    private final Path log;
    private final int https = Ports.free();
    private final int management = Ports.free();

    /// The application as it is packaged for a JVM.
    public static final String FOR_A_JVM = "target/quarkus-app";

    /// What integration tests start: the application for a JVM, or an executable.
    public static final String APPLICATION = System.getProperty("packaged.application", FOR_A_JVM);

    private WebhookProcess(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        log = folder.resolve("webhook.log");
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        leaveTheDevelopersClusterAlone(builder.environment(), folder);
        if (environment.containsKey("KUBECONFIG")) {
            builder.environment().remove(API_SERVER);
        }
        builder.environment()
                .putAll(
                        Map.of(
                                OPTIONS,
                                QUICK,
                                "LOCKSTEP_CLUSTER_NAME",
                                "here",
                                "LOCKSTEP_TLS_CERTIFICATE",
                                folder.resolve("tls/tls.crt").toString(),
                                "LOCKSTEP_TLS_KEY",
                                folder.resolve("tls/tls.key").toString(),
                                "QUARKUS_SHUTDOWN_DELAY",
                                "0",
                                "QUARKUS_HTTP_HOST",
                                "127.0.0.1",
                                "QUARKUS_HTTP_SSL_PORT",
                                Integer.toString(https),
                                "QUARKUS_MANAGEMENT_HOST",
                                "127.0.0.1",
                                "QUARKUS_MANAGEMENT_PORT",
                                Integer.toString(management)));
        builder.environment().putAll(environment);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /// Without a cluster of its own it finds none: neither that of the current kubectl context, nor
    /// the one in which the tests run.
    private static void leaveTheDevelopersClusterAlone(
            Map<String, String> environment, Path folder) {
        environment.keySet().removeIf(it -> it.startsWith("KUBERNETES_"));
        environment.put("KUBECONFIG", folder.resolve("no-kubeconfig").toString());
        environment.put(API_SERVER, "https://127.0.0.1:1");
    }

    /// An executable ignores what is meant for a JVM, and takes what it knows of it as arguments.
    private static List<String> command(String packaged, Map<String, String> environment) {
        var application = Path.of(packaged).toAbsolutePath();
        if (Files.isDirectory(application)) {
            return List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-jar",
                    application.resolve("quarkus-run.jar").toString());
        }
        return Stream.concat(
                        Stream.of(application.toString()),
                        Stream.of(environment.getOrDefault(OPTIONS, "").split(" "))
                                .filter(it -> it.startsWith("-Xmx")))
                .toList();
    }

    /// Starts it with a certificate in `folder/tls`, and does not wait.
    ///
    /// @param environment settings beyond those it needs on a shared machine
    public static WebhookProcess start(Path folder, Map<String, String> environment) {
        return start(APPLICATION, folder, environment);
    }

    /// The same of either kind.
    ///
    /// @param packaged as [#APPLICATION] may be
    public static WebhookProcess start(
            String packaged, Path folder, Map<String, String> environment) {
        return start(folder, environment, command(packaged, environment));
    }

    /// Starts one that is somewhere else.
    public static WebhookProcess start(
            Path folder, Map<String, String> environment, List<String> command) {
        try {
            if (!Files.exists(folder.resolve("tls"))) {
                makeCertificates(folder);
            }
            return new WebhookProcess(folder, environment, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes a CA and a certificate; with options, a new one.
    public static void makeCertificates(Path folder, String... options) {
        var command =
                Stream.concat(
                        Stream.of(
                                "certs/make-certs.sh",
                                "--out",
                                folder.resolve("tls").toString(),
                                "--name",
                                "127.0.0.1"),
                        Stream.of(options));
        try {
            var made =
                    new ProcessBuilder(command.toList())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("make-certs.log").toFile())
                            .start();
            if (made.waitFor() != 0) {
                throw new IllegalStateException(Files.readString(folder.resolve("make-certs.log")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public WebhookProcess awaitReady() {
        await().atMost(START)
                .ignoreExceptions()
                .until(() -> management("/q/health/ready").statusCode() == 200);
        return this;
    }

    public Response management(String path) {
        return alone().get("http://127.0.0.1:" + managementPort() + path);
    }

    /// Sends a review, trusting any certificate.
    public Response validate(byte[] review) {
        return alone().relaxedHTTPSValidation()
                .contentType("application/json")
                .body(review)
                .post("https://127.0.0.1:" + httpsPort() + "/validate");
    }

    /// By a connection of its own, which is not kept.
    private static RequestSpecification alone() {
        return given().header("Connection", "close");
    }

    public int httpsPort() {
        return https;
    }

    public int managementPort() {
        return management;
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /// As kubelet does before it takes a pod away; does not wait.
    public void terminate() {
        process.destroy();
    }

    /// What it has used of the machine's processors.
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// The sum of all series that begin like this.
    public double metric(String beginning) {
        return management("/q/metrics")
                .asString()
                .lines()
                .filter(it -> it.startsWith(beginning))
                .mapToDouble(it -> Double.parseDouble(it.substring(it.lastIndexOf(' '))))
                .sum();
    }

    /// How much memory of the machine it holds (Linux only).
    public long residentKilobytes() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IllegalStateException("no VmRSS");
    }

    /// Waits until it ends by itself.
    public int exitCode() {
        try {
            if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("it does not end: see " + log);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
