package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.WebhookProcess;
import mesh.lockstep.support.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// An ordinary time, in which people roll out policies and GitOps controllers reconcile: none of it
/// is drift, whoever looks and whenever. Every member hears from another one late, as over a long
/// line, and now and then a webhook is restarted.
///
/// Most of a minute of it; or with `make quiet MINUTES=30` as many as one wants.
class QuietIT {

    private static final double MINUTES =
            Double.parseDouble(System.getProperty("quiet.minutes", "0.7"));
    private static final Duration WHOLE = Duration.ofMillis((long) (MINUTES * 60_000));
    private static final Duration LOOKS = Duration.ofMillis(250);
    private static final Duration RESTARTS = Duration.ofSeconds(25);
    private static final Duration BREAK = Duration.ofSeconds(3);
    private static final int RECONCILES = 500; // ms from one to the next, at most
    private static final int POLICIES = 20;
    private static final List<String> NAMES = List.of("cluster1", "cluster2", "cluster3");
    private static final List<String> CONTROLLERS =
            List.of("kustomize-controller", "argocd-controller");

    private final Mesh mesh =
            Mesh.start(
                    "quiet",
                    // At that time it also checks whether there are kinds for reports.
                    Map.of("LOCKSTEP_DRIFT_FULL_PASS_EVERY", "10s"),
                    "--clusters",
                    "3",
                    "--webhook",
                    WebhookProcess.APPLICATION);
    private final List<ClusterApi> clusters =
            NAMES.stream().map(it -> new ClusterApi(mesh, it)).toList();
    private final List<Lookout> lookouts = NAMES.stream().map(it -> new Lookout(mesh, it)).toList();
    private final List<Wire> wires = new ArrayList<>();
    private final List<Manifest> manifests =
            IntStream.range(0, POLICIES)
                    .mapToObj(i -> new Manifest("quiet-" + i, clusters.size()))
                    .toList();

    /// What has just reached the last cluster: there are authors who wait for that, to go on.
    private final BlockingQueue<Manifest> done = new LinkedBlockingQueue<>();

    private final Map<String, Integer> counts = new ConcurrentSkipListMap<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private volatile String restarting = "";
    private volatile boolean over;

    @AfterEach
    void end() {
        wires.forEach(Wire::close);
        clusters.forEach(ClusterApi::close);
        mesh.close();
    }

    @Test
    void noOrdinaryChangeIsEverCalledDrift() throws IOException, InterruptedException {
        for (var cluster : NAMES) {
            var defined =
                    mesh.kubectl(cluster)
                            .run("apply", "--server-side", "-f", "mesh/bin/report-kinds/");
            assertThat(defined.succeeded()).as(defined.err()).isTrue();
        }
        moveAway("cluster1", "cluster3");
        moveAway("cluster2", "cluster1");
        moveAway("cluster3", "cluster2");

        var workers = new ArrayList<Thread>();
        for (var api : clusters) {
            workers.add(start("controller of " + api.cluster(), random -> reconcile(api, random)));
        }
        workers.add(start("authors", this::author));
        workers.add(start("operator", this::restart));
        lookAround();
        over = true;
        for (var worker : workers) {
            worker.join();
        }

        lookouts.forEach(it -> it.told().forEach(told -> wrong.add(it.cluster() + ": " + told)));
        System.out.printf("Quiet for %s: %s, wrong: %d%n", WHOLE, counts, wrong.size());
        assertThat(wrong).isEmpty();
        assertThat(counts)
                .containsKeys("edit", "declare", "roll back", "correct", "delete", "restart")
                .containsKeys("seen RollingOut");
        seesWhatIsDrift();
    }

    /// What a cluster's webhook hears of a peer arrives late from now on.
    private void moveAway(String cluster, String peer) throws IOException {
        var file = Mesh.path(mesh.cluster(cluster), "peersDirectory").resolve(peer);
        var server = URI.create(mesh.cluster(peer).path("server").asText());
        var wire = new Wire(server.getPort());
        wire.become(Wire.Condition.UNEVEN);
        wires.add(wire);
        Files.writeString(
                file, Files.readString(file).replace(":" + server.getPort(), ":" + wire.port()));
    }

    private interface Work {
        void once(Random random) throws InterruptedException;
    }

    private Thread start(String name, Work work) {
        var random = new Random(name.hashCode());
        return Thread.ofVirtual()
                .name(name)
                .start(
                        () -> {
                            try {
                                while (!over) {
                                    work.once(random);
                                }
                            } catch (InterruptedException | RuntimeException e) {
                                wrong.add(name + ": " + e);
                            }
                        });
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private void reconcile(ClusterApi api, Random random) throws InterruptedException {
        Thread.sleep(random.nextInt(RECONCILES));
        reconcile(api, manifests.get(random.nextInt(POLICIES)), random);
    }

    private void reconcile(ClusterApi api, Manifest manifest, Random random) {
        var before = manifest.isEverywhere();
        wrong.addAll(
                manifest.reconcile(
                        api, CONTROLLERS.get(random.nextInt(CONTROLLERS.size())), random));
        count("reconcile");
        if (!before && manifest.isEverywhere()) {
            done.add(manifest);
        }
    }

    /// Some take their change to a first cluster themselves, at once.
    private void author(Random random) throws InterruptedException {
        var next = done.poll(random.nextInt(400), TimeUnit.MILLISECONDS);
        var manifest = next == null ? manifests.get(random.nextInt(POLICIES)) : next;
        var change = manifest.change(random);
        if (!change.isEmpty()) {
            count(change);
            if (next != null) {
                reconcile(clusters.get(random.nextInt(clusters.size())), manifest, random);
            }
        }
    }

    private void restart(Random random) throws InterruptedException {
        for (var next = Instant.now().plus(RESTARTS); Instant.now().isBefore(next); ) {
            if (over) {
                return;
            }
            Thread.sleep(LOOKS);
        }
        restarting = NAMES.get(random.nextInt(NAMES.size()));
        mesh.stopWebhook(restarting);
        Thread.sleep(BREAK);
        mesh.startWebhook(restarting);
        restarting = "";
        count("restart");
    }

    private void lookAround() throws InterruptedException {
        for (var end = Instant.now().plus(WHOLE); Instant.now().isBefore(end); ) {
            for (var lookout : lookouts) {
                var away = restarting;
                try {
                    look(lookout);
                } catch (RuntimeException e) {
                    if (!List.of(away, restarting).contains(lookout.cluster())) {
                        wrong.add(lookout.cluster() + " cannot be asked: " + e);
                    }
                }
            }
            Thread.sleep(LOOKS);
        }
    }

    private void look(Lookout lookout) {
        var overview = lookout.overview();
        count("looks");
        overview.path("policies").forEach(it -> count("seen " + it.path("state").asText()));
        lookout.drift(overview)
                .forEach(it -> wrong.add(Instant.now() + " " + lookout.cluster() + ": " + it));
        lookout.counted()
                .forEach(it -> wrong.add(Instant.now() + " " + lookout.cluster() + ": " + it));
    }

    /// Silence proves nothing unless true drift breaks it.
    private void seesWhatIsDrift() {
        mesh.stopWebhook("cluster2");
        for (int i = 0; i < 2; i++) {
            var applied =
                    clusters.get(i).apply("allow-api", Reviews.policy(80 + i), "kubectl", false);
            assertThat(applied.succeeded()).as(applied.message()).isTrue();
        }
        for (var cluster : List.of(lookouts.get(0), lookouts.get(2))) {
            await().atMost(SOON)
                    .until(
                            () ->
                                    cluster.drift(cluster.overview()).findAny().isPresent()
                                            && cluster.counted().findAny().isPresent()
                                            && !cluster.told().isEmpty());
        }
    }
}
