package mesh.lockstep.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import mesh.lockstep.admission.AdmissionEndpoint;
import mesh.lockstep.admission.AdmissionReader;
import mesh.lockstep.admission.AdmissionWriter;
import mesh.lockstep.admission.DecisionLog;
import mesh.lockstep.admission.Disclosure;
import mesh.lockstep.admission.Postponement;
import mesh.lockstep.admission.ReviewSeats;
import mesh.lockstep.admission.TurnedAway;
import mesh.lockstep.admission.UnreadableReviewException;
import mesh.lockstep.admission.Wording;
import mesh.lockstep.apiserver.StubApiServer;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.Enforcement;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.Level;
import mesh.lockstep.rollout.Namespaces.Namespace;
import mesh.lockstep.rollout.Peers;
import mesh.lockstep.rollout.Referee;
import mesh.lockstep.rollout.Scope;
import mesh.lockstep.rollout.Severity;
import mesh.lockstep.support.Program;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.Wire.Condition;

/// What many peers and many policies cost: each a ratio of two things in one run, printed. Started
/// by `make scale`; not part of `make test`.
final class ScaleRun {

    public static void main(String... parts) {
        divertTheLog();
        new Program()
                .part("latencyWithManyPeers", ScaleRun::latencyWithManyPeers)
                .part("latencyWithManyPolicies", ScaleRun::latencyWithManyPolicies)
                .part("rejectionWithBlackHoles", ScaleRun::rejectionWithBlackHoles)
                .part("allWatchesDroppedAtOnce", ScaleRun::allWatchesDroppedAtOnce)
                .part(
                        "memoryWhileAllListForTheFirstTime",
                        ScaleRun::memoryWhileAllListForTheFirstTime)
                .part("heapForEachPolicyAndPeer", ScaleRun::heapForEachPolicyAndPeer)
                .run(parts);
    }

    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration GRANTED = Duration.ofSeconds(3);
    private static final AdmissionReader READER = new AdmissionReader(PolicyReader::new);
    private static final Postponement POSTPONEMENT =
            new Postponement(
                    READER,
                    new AdmissionWriter(new Wording(Disclosure.VALUES)),
                    new Scope(_ -> Namespace.ORDINARY, Set.of()),
                    new Enforcement(Level.DENY, Severity.WARN, Set.of()));
    private static final Logger LOG = Logger.getLogger(DecisionLog.class.getName());
    private static final String PLURAL = Kind.CILIUM_NETWORK_POLICY.plural();
    private static final int MANY = 254;
    private static final int ROUNDS = 7;
    private static final int REQUESTS = 2_000;
    private static final int REFUSALS = 300;

    /// Lines about decisions are written, but nobody reads them.
    private static void divertTheLog() {
        LOG.setUseParentHandlers(false);
        LOG.addHandler(new StreamHandler(OutputStream.nullOutputStream(), new SimpleFormatter()));
    }

    private static void latencyWithManyPeers() {
        try (var few = mesh(3, 100);
                var many = mesh(MANY, 100)) {
            compare("unchanged, 254 peers over 3", few, many, unchanged(50));
            compare("changed, 254 peers over 3", few, many, changed(50));
            for (var review : List.of(unchanged(50), changed(50))) {
                Sample.of(REQUESTS * 3, () -> read(review));
                report("of that, reading: " + Sample.of(REQUESTS * ROUNDS, () -> read(review)));
            }
        }
    }

    private static void latencyWithManyPolicies() {
        try (var few = mesh(3, 100);
                var many = mesh(3, 21_000)) {
            compare("unchanged, 21,000 policies over 100", few, many, unchanged(50));
            compare("changed, 21,000 policies over 100", few, many, changed(50));
        }
    }

    /// With and without by turns: it gets quicker all the time.
    private static void rejectionWithBlackHoles() {
        try (var mesh = mesh(MANY, 100)) {
            var refusal = new Admission(mesh.peers(), created(50));
            Sample.of(REQUESTS, refusal::answer);
            for (int holes : new int[] {1, 10, 100}) {
                var none = Sample.of(REFUSALS, refusal::answer);
                var sample = withHoles(mesh, holes, refusal);
                for (int round = 1; round < ROUNDS; round++) {
                    none = none.and(Sample.of(REFUSALS, refusal::answer));
                    sample = sample.and(withHoles(mesh, holes, refusal));
                }
                report(
                        "refusals, %d of %d peers black holes: %s; none: %s; ratio %s"
                                .formatted(holes, MANY, sample, none, sample.over(none)));
            }
        }
    }

    private static Sample withHoles(StubMesh mesh, int holes, Admission refusal) {
        var silent = mesh.members().subList(0, holes);
        silent.forEach(it -> it.wire().become(Condition.BLACK_HOLE));
        // At once, while memory of them is still believed.
        var sample = Sample.of(REFUSALS, refusal::answer);
        assertThat(refusal.answer()).contains("\"allowed\":false");
        silent.forEach(it -> it.wire().become(Condition.GOOD));
        await().atMost(LONG).until(mesh::areUp);
        return sample;
    }

    private static void allWatchesDroppedAtOnce() {
        try (var mesh = mesh(MANY, 100)) {
            mesh.members().forEach(it -> it.policies().putUntold(PLURAL, "default/new", SPEC));
            mesh.members().forEach(it -> it.policies().forget());
            StubApiServer.forgetMostLists();
            var begun = System.nanoTime();
            mesh.members().forEach(it -> it.server().breakWatches());

            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> policies(mesh) == MANY * 101L && mesh.areUp());

            report(
                    String.format(
                            Locale.ROOT,
                            "all watches of %d peers dropped at once: fresh again after %.1f s, at most %d lists under way",
                            MANY,
                            (System.nanoTime() - begun) / 1e9,
                            StubApiServer.mostLists()));
        }
    }

    private static void memoryWhileAllListForTheFirstTime()
            throws IOException, InterruptedException {
        var folder = Program.folder("scale");
        var specs = new ArrayList<String>();
        for (int i = 0; i < 1_000; i++) {
            specs.add(new String(StrictJson.write(sized(i, 0).get("spec")), UTF_8));
        }
        for (int number : new int[] {3, MANY}) {
            var members = StubMesh.members(number);
            var peers = Files.createDirectory(folder.resolve(number + "-peers"));
            for (var member : members) {
                for (int i = 0; i < specs.size(); i++) {
                    member.policies().putUntold(PLURAL, "default/policy-" + i, specs.get(i));
                }
                Files.writeString(peers.resolve(member.name().value()), member.kubeconfig());
            }
            var child =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                    "-Xmx256m",
                                    "-XX:+UseSerialGC",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    FirstLists.class.getName(),
                                    peers.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            var said = new String(child.getInputStream().readAllBytes(), UTF_8).strip();
            assertThat(child.waitFor()).isZero();
            report(number + " peers with 1,000 policies each, heap limit 256 MiB: " + said);
            members.forEach(StubMember::close);
        }
    }

    private static void heapForEachPolicyAndPeer() throws IOException {
        int number = 200;
        // All is kept to the end: what is freed in between would be subtracted from what is added.
        var kept = new ArrayList<>();
        double same = digests(number, _ -> 0, kept);
        double different = digests(number, peer -> peer, kept);
        assertThat(kept.stream().filter(Pool.class::isInstance).map(it -> ((Pool) it).size()))
                .as("keys, and versions")
                .containsExactly(number + number, number + MANY * number);
        var objects = new ArrayList<GenericKubernetesResource>();
        var serialization = new KubernetesSerialization();
        var before = used();
        for (int i = 0; i < number; i++) {
            objects.add(
                    serialization.unmarshal(
                            new String(StrictJson.write(sized(i, 0)), UTF_8),
                            GenericKubernetesResource.class));
        }
        double full = (double) (used() - before) / objects.size();
        assertThat(kept).hasSize(4);
        report(
                String.format(
                        Locale.ROOT,
                        "heap for each policy and peer, %d peers with %d policies of %d bytes: %.0f bytes where peers hold the same, %.0f where none do; as objects of the Kubernetes client %.0f bytes: 1/%.0f, 1/%.0f",
                        MANY,
                        number,
                        StrictJson.write(sized(1, 0)).length,
                        same,
                        different,
                        full,
                        full / same,
                        full / different));
    }

    /// Bytes for each policy and peer.
    private static double digests(int number, IntUnaryOperator version, List<Object> kept)
            throws IOException {
        var stores = new ArrayList<DigestStore>();
        var pool = new Pool();
        var allowance = new MemoryAllowance(Long.MAX_VALUE);
        var before = used();
        for (int peer = 0; peer < MANY; peer++) {
            var reader = new PolicyReader().in(new ClusterName("peer" + peer));
            var digesting = new Digesting(reader, pool, false);
            var listing = new Hoard();
            for (int i = 0; i < number; i++) {
                var object =
                        new PolicyObject(
                                Kind.CILIUM_NETWORK_POLICY, sized(i, version.applyAsInt(peer)));
                var _ = listing.put(digesting.key(object), digesting.held(object));
            }
            var store =
                    new DigestStore(_ -> {}, (_, _, _, _) -> {}, Long.MAX_VALUE, allowance.share());
            store.replaceAll(listing);
            stores.add(store);
        }
        var bytes = used() - before;
        assertThat(stores).hasSize(MANY).allMatch(it -> it.size() == number);
        kept.add(stores);
        kept.add(pool);
        return (double) bytes / MANY / number;
    }

    private static long used() {
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /// About 2.5 kB.
    private static ObjectNode sized(int number, int version) {
        var object = object(number, SPEC);
        var rules = ((ObjectNode) object.get("spec")).putArray("egress");
        for (int i = 0; i < 15; i++) {
            var rule = rules.addObject();
            rule.putArray("toFQDNs")
                    .addObject()
                    .put(
                            "matchName",
                            "host-" + i + ".v" + version + ".of-" + number + ".example.com");
            rule.putArray("toPorts")
                    .addObject()
                    .putArray("ports")
                    .addObject()
                    .put("port", Integer.toString(1000 + i))
                    .put("protocol", "TCP");
        }
        return object;
    }

    private static long policies(StubMesh mesh) {
        return mesh.peers().statuses().stream()
                .mapToLong(it -> it.policies().getOrDefault(Kind.CILIUM_NETWORK_POLICY, 0))
                .sum();
    }

    private static void read(byte[] review) {
        try {
            READER.read(review);
        } catch (UnreadableReviewException e) {
            throw new AssertionError(e);
        }
    }

    private static void compare(String what, StubMesh few, StubMesh many, byte[] review) {
        var ofFew = new Admission(few.peers(), review);
        var ofMany = new Admission(many.peers(), review);
        Sample.of(REQUESTS * 3, ofFew::answer);
        Sample.of(REQUESTS * 3, ofMany::answer);
        var base = Sample.of(REQUESTS, ofFew::answer);
        var sample = Sample.of(REQUESTS, ofMany::answer);
        for (int round = 1; round < ROUNDS; round++) {
            base = base.and(Sample.of(REQUESTS, ofFew::answer));
            sample = sample.and(Sample.of(REQUESTS, ofMany::answer));
        }
        report(what + ": " + sample + "; " + base + "; ratio " + sample.over(base));
    }

    /// From the review's bytes to the answer's, as the webhook does it.
    private static final class Admission {

        private final AdmissionEndpoint endpoint;
        private final byte[] review;

        Admission(Peers peers, byte[] review) {
            this.review = review;
            var referee =
                    new Referee(
                            peers,
                            Histories.NONE,
                            new Scope(_ -> Namespace.ORDINARY, Set.of()),
                            new Enforcement(Level.DENY, Severity.WARN, Set.of()));
            endpoint =
                    new AdmissionEndpoint(
                            READER,
                            referee,
                            Histories.NONE,
                            new AdmissionWriter(new Wording(Disclosure.VALUES)),
                            new DecisionLog(new SimpleMeterRegistry()),
                            new ReviewSeats(),
                            new TurnedAway(new SimpleMeterRegistry()),
                            POSTPONEMENT);
        }

        String answer() {
            try {
                return new String(
                        endpoint.answer(review, Deadline.in(GRANTED)).orElseThrow(), UTF_8);
            } catch (UnreadableReviewException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final String SPEC =
            "{\"endpointSelector\":{\"matchLabels\":{\"app\":\"api\"}},\"ingress\":[{\"fromEndpoints\":[{\"matchLabels\":{\"app\":\"web\"}}],"
                    + "\"toPorts\":[{\"ports\":[{\"port\":\"8080\",\"protocol\":\"TCP\"}]}]}]}";

    private static final String OTHER = SPEC.replace("8080", "8081");

    private static byte[] unchanged(int number) {
        return Reviews.bytes(Reviews.update(object(number, SPEC), object(number, SPEC)));
    }

    private static byte[] changed(int number) {
        return Reviews.bytes(Reviews.update(object(number, SPEC), object(number, OTHER)));
    }

    private static byte[] created(int number) {
        return Reviews.bytes(Reviews.create(object(number, OTHER)));
    }

    private static ObjectNode object(int number, String spec) {
        var object =
                "{\"apiVersion\":\"cilium.io/v2\",\"kind\":\"CiliumNetworkPolicy\",\"metadata\":{\"namespace\":\"default\",\"name\":\"policy-"
                        + number
                        + "\"},\"spec\":"
                        + spec
                        + "}";
        try {
            JsonNode tree = StrictJson.read(object.getBytes(UTF_8));
            return (ObjectNode) tree;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Every member has settings, and those of one differ, as while Cilium is upgraded.
    private static StubMesh mesh(int members, int policies) {
        List<StubMember> stubs = StubMesh.members(members);
        for (var stub : stubs) {
            for (int i = 0; i < policies; i++) {
                stub.policies().putUntold(PLURAL, "default/policy-" + i, SPEC);
            }
            configure(stub, stub == stubs.getFirst() ? "always" : "default");
        }
        var begun = System.nanoTime();
        var mesh = new StubMesh(VERTX, Pace.ordinary(Duration.ofSeconds(60)), stubs);
        configure(mesh.own(), "default");
        await().atMost(LONG).until(mesh::areUp);
        report(
                String.format(
                        Locale.ROOT,
                        "%d peers with %d policies in sync after %.1f s",
                        members,
                        policies,
                        (System.nanoTime() - begun) / 1e9));
        await().atMost(LONG)
                .until(
                        () ->
                                mesh.peers().facts().values().stream()
                                                .filter(it -> it.settings().isPresent())
                                                .count()
                                        == members + 1);
        return mesh;
    }

    private static void configure(StubMember member, String enablePolicy) {
        var config = "{\"data\":{\"enable-policy\":\"" + enablePolicy + "\"}}";
        member.server().answer("configure", 200, config);
    }

    @SuppressWarnings("SystemOut") // It is what is asked for.
    private static void report(String line) {
        System.out.println("scale: " + line);
    }
}
