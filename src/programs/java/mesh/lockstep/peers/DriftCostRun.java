package mesh.lockstep.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static mesh.lockstep.support.Waiting.LATER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.support.Footprint;
import mesh.lockstep.support.Program;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.WebhookProcess;
import mesh.lockstep.support.Yaml;

/// What watching for drift costs a webhook that has 254 peers with 1,000 policies each, in addition
/// to what the webhook costs without it: processor time and heap of the packaged application.
/// Started by `make drift-cost`.
///
/// Nothing switches drift off. It waits until it knows what was reported before; an API server that
/// answers that with an error keeps it waiting, and the rest goes on.
final class DriftCostRun {

    public static void main(String... parts) {
        new Program()
                .part("changes", () -> measure(DriftCostRun::ofChanges))
                .part("fullPasses", () -> measure(DriftCostRun::ofFullPasses))
                .run(parts);
    }

    private interface Measure {
        void of(DriftCostRun run) throws IOException, InterruptedException;
    }

    private static void measure(Measure measure) throws IOException, InterruptedException {
        var run = new DriftCostRun();
        try {
            run.fill();
            measure.of(run);
        } finally {
            run.close();
        }
    }

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration SETTLING = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofSeconds(20);
    private static final String PLURAL = Kind.CILIUM_NETWORK_POLICY.plural();
    private static final String USUAL = spec(8080);
    private static final String OTHER = spec(8081);
    private static final int PEERS = 254;
    private static final int POLICIES = 1_000;
    private static final int CHANGES = 1_500;
    private static final int CHANGES_EACH_SECOND = 50;

    private final Path folder = Program.folder("drift-cost");

    private DriftCostRun() {}

    /// @param busy processor time of [#CHANGES]
    /// @param agreed heap in bytes while all policies are the same everywhere
    /// @param differing heap in bytes after the changes
    private record Cost(Duration busy, long agreed, long differing) {}

    private final List<StubMember> members = StubMesh.members(PEERS);
    private final StubMember own = new StubMember("here");

    private void fill() throws IOException {
        var peers = Files.createDirectory(folder.resolve("peers"));
        for (var member : members) {
            fill(member);
            Files.writeString(peers.resolve(member.name().value()), member.kubeconfig());
        }
        fill(own);
    }

    private void close() {
        members.forEach(StubMember::close);
        own.close();
    }

    private void ofChanges() throws IOException, InterruptedException {
        own.server().answer("describe", 500);
        var without = cost(0);
        members.forEach(DriftCostRun::fill);
        own.server().answerAsUsual("describe");
        var with = cost(POLICIES);

        compare(
                "heap where all policies are the same, MB",
                mb(with.agreed()),
                mb(without.agreed()));
        compare("heap where all differ, MB", mb(with.differing()), mb(without.differing()));
        compare(
                "processor for each of " + CHANGES_EACH_SECOND + " changes a second, ms",
                each(with.busy()),
                each(without.busy()));
    }

    private void ofFullPasses() throws IOException, InterruptedException {
        var never = idle("1h");
        var eachSecond = idle("1s");

        say(
                "a full pass: %.0f ms of a processor; beside it %.0f ms a second",
                rate(eachSecond.minus(never)), rate(never));
    }

    private static void fill(StubMember member) {
        for (int i = 0; i < POLICIES; i++) {
            member.policies().putUntold(PLURAL, name(i), USUAL);
        }
    }

    /// @param found how many policies are known to differ after the changes
    private Cost cost(int found) throws IOException, InterruptedException {
        try (var webhook = start("1h")) {
            var agreed = live(webhook);
            var begun = webhook.processorTime();
            change();
            // What came of the last changes is judged by then.
            Thread.sleep(SETTLING);
            var busy = webhook.processorTime().minus(begun);
            // A peer that was not heard from for a moment is unknown for as long; what was missed
            // stays.
            await().atMost(LATER).until(() -> rollingOut(webhook), it -> it == found);
            return new Cost(busy, agreed, live(webhook));
        }
    }

    private static int rollingOut(WebhookProcess webhook) {
        return webhook.management("/mesh/policies").jsonPath().getInt("states.RollingOut");
    }

    private static long live(WebhookProcess webhook) {
        return Footprint.of(webhook.handle()).live().orElseThrow();
    }

    private Duration idle(String fullPassEvery) throws IOException, InterruptedException {
        try (var webhook = start(fullPassEvery)) {
            return processorTime(webhook, QUIET);
        }
    }

    private static Duration processorTime(WebhookProcess webhook, Duration time)
            throws InterruptedException {
        var begun = webhook.processorTime();
        Thread.sleep(time);
        return webhook.processorTime().minus(begun);
    }

    /// Each to another pair of a member and a policy, in the end to every policy.
    private void change() throws InterruptedException {
        var begun = System.nanoTime();
        for (int i = 0; i < CHANGES; i++) {
            members.get(i * 97 % PEERS).policies().put(PLURAL, name(i * 31 % POLICIES), OTHER);
            var due = begun + TimeUnit.SECONDS.toNanos(i + 1) / CHANGES_EACH_SECOND;
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        }
    }

    /// With all peers read, and some time later, when the effects of the start are over.
    private WebhookProcess start(String fullPassEvery) throws IOException, InterruptedException {
        var settings = new HashMap<>(own.settings());
        settings.put("LOCKSTEP_PEERS_DIRECTORY", folder.resolve("peers").toString());
        settings.put(WebhookProcess.OPTIONS, WebhookProcess.AS_IN_A_POD);
        settings.put("LOCKSTEP_DRIFT_FULL_PASS_EVERY", fullPassEvery);
        var webhook = WebhookProcess.start(folder, settings);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> webhook.metric("lockstep_peer_up"), it -> it == PEERS);
        Thread.sleep(SETTLING);
        assertThat(webhook.metric("lockstep_peer_policies")).isEqualTo(PEERS * POLICIES);
        return webhook;
    }

    private static String name(int number) {
        return "default/policy-" + number;
    }

    private static String spec(int port) {
        return new String(Yaml.json(Reviews.policy(port).path("spec")), UTF_8);
    }

    private static double mb(long bytes) {
        return bytes / 1e6;
    }

    private static double rate(Duration time) {
        return (double) time.toMillis() / QUIET.toSeconds();
    }

    private static double each(Duration time) {
        return (double) time.toMillis() / CHANGES;
    }

    private static void compare(String what, double with, double without) {
        say("%s: %.1f with drift, %.1f without; ratio %.2f", what, with, without, with / without);
    }

    @SuppressWarnings("SystemOut") // It is what is asked for.
    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, "drift cost: " + format + "%n", values);
    }
}
