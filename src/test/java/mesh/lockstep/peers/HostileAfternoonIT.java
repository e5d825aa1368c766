package mesh.lockstep.peers;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.ServedCertificate;
import mesh.lockstep.support.WebhookProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// An afternoon on which everybody is hostile: those who may write policies in a namespace, peers,
/// and those who reach a port. Two real clusters, webhooks with the heap of the Deployment.
///
/// All the while an ordinary tenant tries what has to be refused. Held throughout: each try is
/// refused, in the time that the API server grants; no webhook ends or forgets what its peer holds;
/// memory stays within the limit of the Deployment.
@Tag("alone")
@TestMethodOrder(OrderAnnotation.class)
class HostileAfternoonIT {

    /// As in the manifest of the Deployment.
    private static final long MEMORY_LIMIT_KIB = 512 * 1024;

    /// `timeoutSeconds` of the webhook configurations, as they are shipped: what is late is
    /// admitted unjudged.
    private static final Duration SHIPPED = Duration.ofSeconds(3);

    /// For 150 requests in one moment, and for nothing else: soon after a start, two processors,
    /// shared with API servers, etcd and this test, take about as long to answer all of them as the
    /// requests are granted, and longer where another mesh runs as well. What it takes, the test
    /// prints.
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    /// Peers that lie may use their turns up before an honest one has its own.
    private static final Duration SOON = Duration.ofMinutes(2);

    private static final Duration OF_EACH_LIE = Duration.ofSeconds(6);
    private static final Duration OF_EACH_CROWD = Duration.ofSeconds(6);

    /// What peers hold is known for longer than the whole afternoon: a webhook that no longer knows
    /// it has lost a watch, and not only its patience.
    private static final Map<String, String> SETTINGS = Map.of("LOCKSTEP_PEERS_STALE_AFTER", "20s");

    private static Mesh mesh;
    private static ClusterApi one;
    private static ClusterApi two;
    private static Tenant tenant;
    private static Duration granted = SHIPPED;

    @BeforeAll
    static void begin() {
        mesh =
                Mesh.start(
                        "hostile",
                        SETTINGS,
                        "--clusters",
                        "2",
                        "--webhook",
                        WebhookProcess.APPLICATION);
        one = new ClusterApi(mesh, "cluster1");
        two = new ClusterApi(mesh, "cluster2");
        assertThat(one.apply("allow-api", Reviews.policy(80), "tenant", false).succeeded())
                .isTrue();
        awaitRefusal("allow-api", Reviews.policy(81));
        tenant = new Tenant(two);
    }

    private static void grant(Duration time) {
        var patch =
                "[{\"op\":\"replace\",\"path\":\"/webhooks/0/timeoutSeconds\",\"value\":%d}]"
                        .formatted(time.toSeconds());
        var patched =
                mesh.kubectl("cluster2")
                        .run(
                                "patch",
                                "validatingwebhookconfiguration",
                                "lockstep",
                                "--type=json",
                                "-p",
                                patch);
        assertThat(patched.succeeded()).as(patched.err()).isTrue();
        granted = time;
    }

    @AfterAll
    static void end() {
        tenant.close();
        one.close();
        two.close();
        mesh.close();
    }

    @AfterEach
    void everythingHeld() throws IOException {
        tenant.assertRefused(granted.plusSeconds(1));
        for (var cluster : List.of("cluster1", "cluster2")) {
            assertThat(ProcessHandle.of(pid(cluster)).filter(ProcessHandle::isAlive))
                    .as("the webhook of " + cluster)
                    .isPresent();
            var most = mostResidentKib(cluster);
            System.out.printf("Resident at most in %s: %d MiB%n", cluster, most / 1024);
            assertThat(most).isLessThan(MEMORY_LIMIT_KIB);
            assertThat(health(cluster, "live")).isEqualTo(200);
            assertThat(health(cluster, "ready")).isEqualTo(200);
        }
        // Nobody restarted a watch that had died: what is new in cluster1 counts in cluster2.
        var name = "after-" + System.nanoTime();
        var written = one.apply(name, named(name, 80), "tenant", false);
        assertThat(written.succeeded()).as(written.message()).isTrue();
        awaitRefusal(name, named(name, 81));
        one.delete(name);
        if (!granted.equals(SHIPPED)) {
            grant(SHIPPED);
        }
    }

    @Test
    @Order(1)
    void policiesThatAreHardToRead() {
        for (var hostile : HardToRead.all().entrySet()) {
            var name = hostile.getKey();
            System.out.printf("Hard to read: %s%n", name);
            var written = one.apply(name, hostile.getValue(), "mallory", false);
            assertThat(written.succeeded()).as(name + ": " + written.message()).isTrue();
            var third = HardToRead.changed(hostile.getValue());
            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(two.apply(name, third, "mallory", true).code())
                                            .as(name)
                                            .isEqualTo(403));
        }
    }

    @Test
    @Order(2)
    void theyAreThereWhenTheWebhookStarts() {
        tenant.pause();
        mesh.stopWebhook("cluster2");
        mesh.startWebhook("cluster2");
        awaitRefusal("allow-api", Reviews.policy(81));
        tenant.goOn();
    }

    @Test
    @Order(3)
    void oneRequestManyTimesAtOnce() {
        grant(AT_ONCE);
        var codes =
                inParallel(
                        150,
                        i -> two.apply("allow-api", Reviews.policy(81), "m" + i, false).code());
        assertThat(codes).allMatch(code -> code == 403 || code == 429);
    }

    @Test
    @Order(4)
    void peersThatLie() throws Exception {
        var folder = Mesh.path(mesh.cluster("cluster2"), "peersDirectory");
        for (var lie : Lie.values()) {
            System.out.printf("Lie: %s%n", lie);
            try (var first = new LyingApiServer(lie);
                    var second = new LyingApiServer(lie)) {
                join(folder, "evil1", first);
                join(folder, "evil2", second);
                Thread.sleep(OF_EACH_LIE);
            } finally {
                Files.deleteIfExists(folder.resolve("evil1"));
                Files.deleteIfExists(folder.resolve("evil2"));
            }
        }
    }

    @Test
    @Order(5)
    void peersThatLieFromTheStartOn() throws Exception {
        var folder = Mesh.path(mesh.cluster("cluster2"), "peersDirectory");
        var lying = new ArrayList<LyingApiServer>();
        tenant.pause();
        mesh.stopWebhook("cluster2");
        try {
            for (var lie : Lie.values()) {
                var server = new LyingApiServer(lie);
                join(folder, "evil" + lying.size(), server);
                lying.add(server);
            }
            mesh.startWebhook("cluster2");
            awaitRefusal("allow-api", Reviews.policy(81));
            tenant.goOn();
            Thread.sleep(OF_EACH_LIE);
        } finally {
            for (int i = 0; i < lying.size(); i++) {
                Files.deleteIfExists(folder.resolve("evil" + i));
            }
            lying.forEach(LyingApiServer::close);
        }
    }

    @Test
    @Order(6)
    void crowdsAtThePorts() throws Exception {
        var webhook = mesh.cluster("cluster2").path("webhook");
        int https = webhook.path("httpsPort").asInt();
        int management = webhook.path("managementPort").asInt();
        var announced =
                "POST /validate?timeout=3s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n";
        System.out.println("Crowd: 1,200 connections that say nothing");
        crowd(1_200, https, "");
        System.out.println("Crowd: 256 bodies of 10 bytes that do not come");
        crowd(256, https, announced.formatted(10));
        System.out.println("Crowd: 7 bodies of 7 MiB that do not come");
        crowd(7, https, announced.formatted(7 * 1024 * 1024 - 1024));
        System.out.println("Crowd: 20,000 requests by one connection");
        crowd(1, https, pipelined(20_000));
        System.out.println("Crowd: a body of 6.7 MB of {}");
        crowd(1, https, review("{}", 2_300_000));
        System.out.println("Crowd: 60 bodies to the port for operators");
        crowd(
                60,
                -management,
                "POST /q/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7340000\r\n\r\n"
                        + "x".repeat(3_000_000));
    }

    @Test
    @Order(7)
    void afterwardsAllAgree() {
        for (var hostile : HardToRead.all().keySet()) {
            one.delete(hostile);
            two.delete(hostile);
        }
        // Once it is there, what the tenant tries is the next step of a rollout.
        tenant.pause();
        assertThat(two.apply("allow-api", Reviews.policy(80), "tenant", false).succeeded())
                .isTrue();
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(
                                                two.apply(
                                                                "allow-api",
                                                                Reviews.policy(80),
                                                                "tenant",
                                                                true)
                                                        .warnings())
                                        .isEmpty());
        two.delete("allow-api");
        tenant.goOn();
    }

    private static int health(String cluster, String check) {
        int port = mesh.cluster(cluster).path("webhook").path("managementPort").asInt();
        return given().header("Connection", "close")
                .get("http://127.0.0.1:" + port + "/q/health/" + check)
                .statusCode();
    }

    private static int pid(String cluster) {
        return mesh.cluster(cluster).path("webhook").path("pid").asInt();
    }

    private static long mostResidentKib(String cluster) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + pid(cluster) + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmHWM");
    }

    private static JsonNode named(String name, int port) {
        var policy = (ObjectNode) Reviews.policy(port);
        policy.withObject("/metadata").put("name", name);
        return policy;
    }

    private static void awaitRefusal(String name, JsonNode policy) {
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(two.apply(name, policy, "tenant", true).code())
                                        .isEqualTo(403));
    }

    /// As Kubernetes puts a Secret's files in their place: whole.
    private static void join(Path folder, String name, LyingApiServer server) throws IOException {
        var whole = Files.writeString(folder.resolve("." + name), server.kubeconfig());
        Files.move(whole, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static <T> List<T> inParallel(int number, IntFunction<T> task) {
        var results = new CopyOnWriteArrayList<T>();
        var threads =
                IntStream.range(0, number)
                        .mapToObj(i -> Thread.ofVirtual().start(() -> results.add(task.apply(i))))
                        .toList();
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        assertThat(results).hasSize(number);
        return results;
    }

    /// Opens this many connections, says the same on each, and keeps them for a while.
    ///
    /// @param port negative for one without TLS
    private static void crowd(int number, int port, String says) throws Exception {
        var sockets = new CopyOnWriteArrayList<Socket>();
        // The machine is to serve them as well.
        var opening = new Semaphore(4);
        try {
            inParallel(
                    number,
                    _ -> {
                        opening.acquireUninterruptibly();
                        try {
                            var socket =
                                    port < 0
                                            ? new Socket(InetAddress.getLoopbackAddress(), -port)
                                            : ServedCertificate.connect(port);
                            sockets.add(socket);
                            socket.setSoTimeout(10_000);
                            socket.getOutputStream().write(says.getBytes(StandardCharsets.UTF_8));
                            socket.getOutputStream().flush();
                        } catch (IOException | IllegalStateException e) {
                            // It may be turned away.
                        } finally {
                            opening.release();
                        }
                        return true;
                    });
            Thread.sleep(OF_EACH_CROWD);
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    private static String pipelined(int number) {
        return review("\"all\"", 3).repeat(number);
    }

    /// A request with a review of a policy that differs, and an unknown field of this many
    /// elements.
    private static String review(String element, int number) {
        var marked =
                new String(
                        Reviews.bytes(Reviews.create(Reviews.policy(81))), StandardCharsets.UTF_8);
        var list =
                IntStream.range(0, number).mapToObj(_ -> element).collect(Collectors.joining(","));
        var body = marked.replace("\"spec\":{", "\"spec\":{\"x\":[" + list + "],");
        return "POST /validate?timeout=3s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }
}
