package mesh.lockstep.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.support.Memory;
import mesh.lockstep.support.Program;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.WebhookProcess;
import mesh.lockstep.support.Yaml;

/// The memory that a webhook needs with few and with many peers of 1,000 policies each, as what the
/// Deployment is told to request and to allow: of the executable, if it was built, and on a JVM
/// with the options of the component `jvm`. Started by `make memory`.
final class MemoryRun {

    private static final Path EXECUTABLE = Path.of("target/native/lockstep");

    /// Cilium allows 511 clusters in a mesh.
    private static final List<Integer> PEERS = List.of(3, 254, 510);

    private static final int POLICIES = 1_000;
    private static final String PLURAL = Kind.CILIUM_NETWORK_POLICY.plural();
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int REVIEWS = 1_000;

    private final Path folder;
    private final List<StubMember> members;
    private final StubMember own = new StubMember("here");

    private MemoryRun(int peers) throws IOException {
        folder = Program.folder("memory-" + peers);
        members = StubMesh.members(peers);
        var files = Files.createDirectory(folder.resolve("peers"));
        for (var member : members) {
            fill(member);
            Files.writeString(files.resolve(member.name().value()), member.kubeconfig());
        }
        fill(own);
    }

    public static void main(String... parts) {
        var program = new Program();
        for (var peers : PEERS) {
            program.part(peers + "-peers", () -> new MemoryRun(peers).measure());
        }
        program.run(parts);
    }

    private void measure() throws IOException {
        try {
            if (Files.isExecutable(EXECUTABLE)) {
                measure("executable", EXECUTABLE.toString());
            }
            measure("JVM", WebhookProcess.FOR_A_JVM);
        } finally {
            members.forEach(StubMember::close);
            own.close();
        }
    }

    private void measure(String what, String packaged) throws IOException {
        var begun = System.nanoTime();
        try (var webhook = start(Files.createDirectory(folder.resolve(what)), packaged)) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> webhook.metric("lockstep_peer_up"), it -> it == members.size());
            var read = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(webhook.metric("lockstep_peer_policies"))
                    .isEqualTo((double) members.size() * POLICIES);
            for (int i = 0; i < REVIEWS; i++) {
                var review = Reviews.update(policy(i % POLICIES, 8080), policy(i % POLICIES, 9090));
                assertThat(webhook.validate(Reviews.bytes(review)).statusCode()).isEqualTo(200);
            }
            say(
                    "%s, %d peers with %d policies each: %s; all read after %d s, %d s of a processor in all",
                    what,
                    members.size(),
                    POLICIES,
                    Memory.of(webhook.handle()),
                    read.toSeconds(),
                    webhook.processorTime().toSeconds());
        }
    }

    private WebhookProcess start(Path place, String packaged) {
        var settings = new HashMap<>(own.settings());
        settings.put("LOCKSTEP_PEERS_DIRECTORY", folder.resolve("peers").toString());
        settings.put(WebhookProcess.OPTIONS, WebhookProcess.AS_IN_A_POD);
        return WebhookProcess.start(packaged, place, settings);
    }

    /// The same in all members, but for each tenth, which is another in each.
    private static void fill(StubMember member) {
        int own = 10_000 + Math.floorMod(member.name().hashCode(), 10_000);
        for (int i = 0; i < POLICIES; i++) {
            var spec = policy(i, i % 10 == 0 ? own : 8080).path("spec");
            var key = "default/policy-" + i;
            member.policies().putUntold(PLURAL, key, new String(Yaml.json(spec), UTF_8));
        }
    }

    private static JsonNode policy(int number, int port) {
        var policy = Reviews.policy(port);
        policy.withObject("/metadata").put("name", "policy-" + number);
        return policy;
    }

    @SuppressWarnings("SystemOut") // It is what is asked for.
    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, "memory: " + format + "%n", values);
    }
}
