package mesh.lockstep.gitops;

import static io.restassured.RestAssured.given;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Mesh;

/// One story: what is committed and done by hand, and the outcome.
final class Play implements AutoCloseable {

    private static final Duration GLANCE = Duration.ofMillis(100);

    private final Mesh mesh;
    private final List<ClusterApi> clusters;
    private final RepositoryFolder folder;
    private final Delivery delivery;
    private final Duration patience;
    private final Map<String, Duration> without = new TreeMap<>();
    private List<Long> refusedBefore;
    private Instant lastCommit = Instant.now();

    /// @param patience a cluster that has not moved for this long is stuck: some tries of each
    ///   controller
    Play(Mesh mesh, List<ClusterApi> clusters, String name, Delivery delivery, Duration patience) {
        this.mesh = mesh;
        this.clusters = clusters;
        this.delivery = delivery;
        this.patience = patience;
        folder = new RepositoryFolder(name);
        refusedBefore = refusals();
    }

    void push(int port) {
        delivery.push(folder.with(port));
        lastCommit = Instant.now();
    }

    void push(int port, long revision) {
        delivery.push(folder.with(port, revision));
        lastCommit = Instant.now();
    }

    void prune() {
        delivery.push(folder.without());
        lastCommit = Instant.now();
    }

    /// The version that all have to begin with.
    void begin(int port) {
        push(port);
        awaitPorts("%1$d %1$d %1$d".formatted(port));
        without.clear();
        refusedBefore = refusals();
    }

    void suspend(String... names) {
        List.of(names).forEach(it -> delivery.suspend(api(it)));
    }

    void resume(String... names) {
        List.of(names).forEach(it -> delivery.resume(api(it)));
        lastCommit = Instant.now();
    }

    void editByHand(String cluster, int port) {
        var edited =
                mesh.kubectl(cluster)
                        .apply(folder.policy(port), "--server-side", "--force-conflicts");
        if (!edited.succeeded()) {
            throw new IllegalStateException(edited.err());
        }
        lastCommit = Instant.now();
    }

    void deleteByHand(String cluster) {
        api(cluster).delete(folder.name());
        lastCommit = Instant.now();
    }

    void restartWebhooks() {
        for (var cluster : clusters) {
            mesh.stopWebhook(cluster.cluster());
            mesh.startWebhook(cluster.cluster());
        }
        refusedBefore = refusals(); // counted from the start
    }

    void pause(double seconds) {
        var end = Instant.now().plusMillis((long) (seconds * 1000));
        while (Instant.now().isBefore(end)) {
            glance();
        }
    }

    /// Waits until the clusters hold these ports, or nobody has moved for long.
    ///
    /// @return whether they do
    boolean awaitPorts(String wanted) {
        var moved = Instant.now();
        var before = ports();
        while (!before.equals(wanted)) {
            if (moved.plus(patience).isBefore(Instant.now())) {
                return false;
            }
            var now = glance();
            if (!now.equals(before)) {
                moved = Instant.now();
                before = now;
            }
        }
        return true;
    }

    /// Looks a moment later, and notes which clusters have no policy.
    private String glance() {
        var before = Instant.now();
        try {
            Thread.sleep(GLANCE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        var ports = ports();
        var held = ports.split(" ", -1);
        for (int i = 0; i < held.length; i++) {
            if (held[i].equals("none")) {
                without.merge(
                        clusters.get(i).cluster(),
                        Duration.between(before, Instant.now()),
                        Duration::plus);
            }
        }
        return ports;
    }

    /// Waits for the end.
    ///
    /// @param end the ports that the clusters should have
    /// @return a row of the table
    String outcome(String title, String end) {
        var all = awaitPorts(end);
        var time = Duration.between(lastCommit, Instant.now());
        return String.format(
                "| %s | %s | %s | %s | %s | %s | %s |",
                title,
                ports(),
                all ? seconds(time) : "never",
                refusedSince(),
                folder.portsBesideIn(clusters),
                without.entrySet().stream()
                        .map(it -> it.getKey() + " " + seconds(it.getValue()))
                        .collect(Collectors.joining(", ")),
                all ? "" : statuses());
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    private String statuses() {
        return clusters.stream()
                .map(it -> it.cluster() + ": " + delivery.status(it).replace('\n', ' '))
                .collect(Collectors.joining("; "));
    }

    private String refusedSince() {
        var now = refusals();
        return IntStream.range(0, clusters.size())
                .filter(i -> now.get(i) > refusedBefore.get(i))
                .mapToObj(
                        i ->
                                "%s ×%d"
                                        .formatted(
                                                clusters.get(i).cluster(),
                                                now.get(i) - refusedBefore.get(i)))
                .collect(Collectors.joining(", "));
    }

    /// How often each cluster's webhook has refused.
    private List<Long> refusals() {
        return clusters.stream().map(it -> refusals(it.cluster())).toList();
    }

    private long refusals(String cluster) {
        var port = mesh.cluster(cluster).path("webhook").path("managementPort").asInt();
        return given().header("Connection", "close")
                .get("http://127.0.0.1:" + port + "/q/metrics")
                .asString()
                .lines()
                .filter(it -> it.startsWith("lockstep_admission_requests_total"))
                .filter(it -> it.contains("decision=\"refused\""))
                .mapToLong(it -> (long) Double.parseDouble(it.substring(it.lastIndexOf(' '))))
                .sum();
    }

    private String ports() {
        return folder.portsIn(clusters);
    }

    private ClusterApi api(String name) {
        return clusters.stream().filter(it -> it.cluster().equals(name)).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        delivery.close();
    }
}
