package mesh.lockstep;

import static mesh.lockstep.support.Waiting.LATER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Footprint;
import mesh.lockstep.support.Load;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Program;
import mesh.lockstep.support.Replica;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.ServedCertificate;
import mesh.lockstep.support.ServiceRoute;
import mesh.lockstep.support.WebhookProcess;
import mesh.lockstep.support.Yaml;

/// Requests at a fixed rate to the packaged webhook of cluster1 in a mesh of three, through its
/// real API server and directly, also while it is restarted and gets another certificate. Started
/// by `make load`.
final class LoadRun {

    public static void main(String... parts) {
        new Program()
                .part("throughTheApiServer", () -> measure(LoadRun::throughTheApiServer))
                .part("directly", () -> measure(LoadRun::directly))
                .part("whileItIsRestarted", () -> measure(LoadRun::whileItIsRestarted))
                .part(
                        "whileItGetsAnotherCertificate",
                        () -> measure(LoadRun::whileItGetsAnotherCertificate))
                .run(parts);
    }

    private interface Measure {
        void of(LoadRun run) throws IOException, InterruptedException;
    }

    private static void measure(Measure measure) throws IOException, InterruptedException {
        var run = new LoadRun();
        try {
            run.start();
            measure.of(run);
        } finally {
            run.stop();
        }
    }

    private static final String CLUSTER = "cluster1";
    private static final String NAME = "lockstep.lockstep.svc";
    private static final String JSON = "application/json";
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("load.seconds", 15));
    private static final int POLICIES = 20;
    private static final int THROUGH_API_SERVER = 40;
    private static final int DIRECTLY = 200;

    /// Until all of a cluster know that a pod goes.
    private static final Duration SPREADING = Duration.ofSeconds(2);

    private static final Pattern FAILED_OPEN =
            Pattern.compile(
                    "(?m)^apiserver_admission_webhook_fail_open_count\\{[^}]*lockstep[^}]*} (.+)$");
    private static final Pattern ANSWERED =
            Pattern.compile(
                    "(?m)^apiserver_admission_webhook_request_total\\{code=\"200\",[^}]*policies.lockstep[^}]*} (.+)$");

    private static final Path FOLDER = Program.folder("load");

    private static final Mesh MESH = Mesh.start("load", "--clusters", "3");
    private static final JsonNode MEMBER = MESH.cluster(CLUSTER);
    private static final String TOKEN = furnish();

    private final ServiceRoute service = new ServiceRoute();
    private final List<WebhookProcess> started = new ArrayList<>();

    /// @return the token of the sender
    private static String furnish() {
        for (var name : List.of("cluster1", "cluster2", "cluster3")) {
            try (var api = new ClusterApi(MESH, name)) {
                IntStream.range(0, POLICIES)
                        .forEach(i -> api.apply("policy-" + i, policy(i), "flux", false));
            }
        }
        kubectl("create", "serviceaccount", "load");
        kubectl(
                "create",
                "clusterrolebinding",
                "load",
                "--clusterrole=cluster-admin",
                "--serviceaccount=default:load");
        // The API server speaks HTTP/1.1 only to names that are not loopback's: a Service has one.
        kubectl(
                "create",
                "service",
                "externalname",
                "lockstep",
                "--external-name=localhost",
                "--namespace=lockstep");
        WebhookProcess.makeCertificates(FOLDER);
        return kubectl("create", "token", "load").strip();
    }

    private void start() throws IOException {
        service.add(replica().awaitReady().httpsPort());
    }

    private void stop() {
        unregister();
        service.close();
        started.forEach(WebhookProcess::close);
    }

    private void throughTheApiServer() {
        throughApiServer().run();
        for (int round = 1; round <= 3; round++) {
            var without = throughApiServer().run();
            register();
            double before = answered();
            var with = throughApiServer().run();
            unregister();
            report("dry-run applies, without webhook: " + without);
            report("dry-run applies, with webhook: " + with);
            report("ratio of medians " + with.median() / without.median());
            assertThat(without.failed() + with.failed()).isZero();
            assertThat(answered() - before).isGreaterThanOrEqualTo(with.requests());
        }
    }

    private void directly() {
        var webhook = started.getFirst();
        for (var kind : List.of("admitted", "refused")) {
            var load = kind.equals("admitted") ? admitted(webhook.httpsPort()) : refused();
            load.run();
            var used = webhook.processorTime();
            var outcome = load.run();
            var each = webhook.processorTime().minus(used).dividedBy(outcome.requests());
            report("directly, " + kind + ": " + outcome);
            report(each.toNanos() / 1000 + " µs of a processor each; " + footprint(webhook));
            assertThat(outcome.failed()).isZero();
        }
    }

    /// One replica after the other: a new one comes, then an old one goes, as the Deployment says.
    private void whileItIsRestarted() throws InterruptedException, IOException {
        service.add(replica().awaitReady().httpsPort());
        register();
        double failedBefore = failedOpen();
        var time = Duration.ofSeconds(75);
        // Starting takes a processor from the processes that answer.
        var direct = directly(service.port(), DIRECTLY / 4, time).begin();
        var through = throughApiServer(THROUGH_API_SERVER / 2, time).begin();
        for (var old : List.copyOf(started)) {
            service.add(replica().awaitReady().httpsPort());
            old.terminate();
            Thread.sleep(SPREADING);
            service.remove(old.httpsPort());
            assertThat(old.exitCode()).isIn(0, 143);
        }
        assertThat(direct.process().isAlive()).as("the load lasts longer").isTrue();
        var outcome = direct.outcome();
        report("directly, while restarted: " + outcome);
        var applies = through.outcome();
        report("through the API server, while restarted: " + applies);
        report("admitted unchecked: " + (failedOpen() - failedBefore));
        assertThat(outcome.failed() + applies.failed()).isZero();
        assertThat(failedOpen()).isEqualTo(failedBefore);
    }

    private void whileItGetsAnotherCertificate() throws InterruptedException {
        var webhook = started.getFirst();
        register();
        double failedBefore = failedOpen();
        var kept = admitted(webhook.httpsPort()).begin();
        var fresh = admitted(webhook.httpsPort(), 20).byFreshConnections().begin();
        var through = throughApiServer().begin();
        int rotations = 0;
        while (fresh.process().isAlive()) {
            var served = ServedCertificate.at(webhook.httpsPort()).getSerialNumber();
            WebhookProcess.makeCertificates(FOLDER, "--renew");
            await().atMost(LATER)
                    .until(
                            () ->
                                    !ServedCertificate.at(webhook.httpsPort())
                                            .getSerialNumber()
                                            .equals(served));
            rotations++;
            Thread.sleep(500);
        }
        for (var attack : List.of(kept, fresh, through)) {
            var outcome = attack.outcome();
            report("during " + rotations + " rotations of the certificate: " + outcome);
            assertThat(outcome.failed()).isZero();
        }
        assertThat(failedOpen()).isEqualTo(failedBefore);
    }

    /// As a pod of the Deployment: with its heap, and with the time in which it goes.
    private WebhookProcess replica() throws IOException {
        var own = Files.createDirectory(FOLDER.resolve("replica-" + System.nanoTime()));
        Files.createSymbolicLink(own.resolve("tls"), FOLDER.resolve("tls"));
        var settings = new HashMap<>(Replica.settings(MEMBER));
        settings.putAll(
                Map.of(
                        "LOCKSTEP_TLS_READ_EVERY",
                        "1s",
                        "QUARKUS_SHUTDOWN_DELAY",
                        "10s",
                        WebhookProcess.OPTIONS,
                        WebhookProcess.AS_IN_A_POD));
        var webhook = WebhookProcess.start(own, settings);
        started.add(webhook);
        return webhook;
    }

    /// Server-side applies that change nothing, as GitOps controllers send them all day.
    private static Load throughApiServer() {
        return throughApiServer(TIME);
    }

    private static Load throughApiServer(Duration time) {
        return throughApiServer(THROUGH_API_SERVER, time);
    }

    private static Load throughApiServer(int rate, Duration time) {
        var server = URI.create(MEMBER.path("server").asText());
        var load =
                new Load(server.getAuthority(), Mesh.path(MEMBER, "caFile"), rate, time)
                        .token(TOKEN);
        for (int i = 0; i < POLICIES; i++) {
            load.request(
                    "PATCH",
                    "%s/apis/cilium.io/v2/namespaces/default/ciliumnetworkpolicies/policy-%d?dryRun=All&fieldManager=flux&force=true"
                            .formatted(server, i),
                    "application/apply-patch+yaml",
                    Yaml.json(policy(i)));
        }
        return load;
    }

    private static Load admitted(int port) {
        return admitted(port, DIRECTLY);
    }

    private static Load admitted(int port, int rate) {
        return directly(port, rate, TIME);
    }

    private static Load directly(int port, int rate, Duration time) {
        var load = to(port, rate, time).expecting("\"allowed\":true");
        for (int i = 0; i < POLICIES; i++) {
            var review = Reviews.bytes(Reviews.update(policy(i), policy(i)));
            load.request("POST", "https://" + NAME + "/validate?timeout=3s", JSON, review);
        }
        return load;
    }

    /// What the others have differently: they are asked.
    private Load refused() {
        var other = (ObjectNode) policy(0).deepCopy();
        other.withObject("/spec").putObject("endpointSelector");
        return to(started.getFirst().httpsPort(), DIRECTLY / 4, TIME)
                .expecting("\"allowed\":false")
                .request(
                        "POST",
                        "https://" + NAME + "/validate?timeout=3s",
                        JSON,
                        Reviews.bytes(Reviews.create(other)));
    }

    private static Load to(int port, int rate, Duration time) {
        return new Load("127.0.0.1:" + port, FOLDER.resolve("tls/ca.crt"), rate, time);
    }

    private static JsonNode policy(int number) {
        var policy = Reviews.policy(8080);
        policy.withObject("/metadata").put("name", "policy-" + number);
        return policy;
    }

    /// The configuration of `k8s/`, to the port of the Service's stand-in.
    private void register() {
        var read = Yaml.read(Path.of("k8s/base/80-validatingwebhookconfiguration.yaml"));
        try {
            var ca =
                    Base64.getEncoder()
                            .encodeToString(Files.readAllBytes(FOLDER.resolve("tls/ca.crt")));
            for (var webhook : read.path("webhooks")) {
                webhook.withObject("/clientConfig").put("caBundle", ca);
                webhook.withObject("/clientConfig/service").put("port", service.port());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(MESH.kubectl(CLUSTER).apply(Yaml.write(read)).succeeded()).isTrue();
        double before = answered();
        await().atMost(LATER)
                .until(
                        () -> {
                            throughApiServer(Duration.ofSeconds(1)).run();
                            return answered() > before;
                        });
    }

    private static void unregister() {
        kubectl("delete", "validatingwebhookconfiguration", "lockstep", "--ignore-not-found");
        // Until the API server has noticed.
        throughApiServer(Duration.ofSeconds(3)).run();
    }

    private static double answered() {
        return sum(ANSWERED);
    }

    private static double failedOpen() {
        return sum(FAILED_OPEN);
    }

    private static double sum(Pattern pattern) {
        return pattern.matcher(kubectl("get", "--raw", "/metrics"))
                .results()
                .mapToDouble(it -> Double.parseDouble(it.group(1)))
                .sum();
    }

    private static String kubectl(String... arguments) {
        var output = MESH.kubectl(CLUSTER).run(arguments);
        assertThat(output.succeeded()).as(output.err()).isTrue();
        return output.out();
    }

    private static Footprint footprint(WebhookProcess webhook) {
        return Footprint.of(webhook.handle());
    }

    @SuppressWarnings("SystemOut") // It is what is asked for.
    private static void report(String line) {
        System.out.println("load: " + line);
    }
}
