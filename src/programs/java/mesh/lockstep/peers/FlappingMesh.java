package mesh.lockstep.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.Wire.Condition;
import mesh.lockstep.support.Yaml;

/// Stub peers of a webhook in another process that come and go: every second something happens to
/// each of them, and to the policies.
final class FlappingMesh implements AutoCloseable {

    private static final String PLURAL = "ciliumnetworkpolicies";
    private static final Duration STEP = Duration.ofSeconds(1);

    /// How many policies there are at the same time, each for this many steps.
    private static final int POLICIES = 20;

    private final StubMember own = new StubMember("here");
    private final List<StubMember> peers;
    private final Path files;
    private final AtomicInteger steps = new AtomicInteger();

    FlappingMesh(Path files, int number) throws IOException {
        this.files = files;
        peers = StubMesh.members(number);
        for (var peer : peers) {
            write(peer, 0);
        }
    }

    /// The cluster of the webhook itself.
    StubMember own() {
        return own;
    }

    /// How often something happened to each of them: once a second, if the machine keeps up.
    int steps() {
        return steps.get();
    }

    /// The policy that came last, half of the peers have it with port 8080 and half with 8081.
    ObjectNode newest(int port) {
        return policy(Math.max(0, steps.get() - 1), port);
    }

    /// Goes on flapping for some time, and leaves all peers there, with the policies of the last
    /// steps.
    void flap(Duration time) throws IOException, InterruptedException {
        var end = Deadline.in(time);
        while (!end.isPast()) {
            int step = steps.get();
            for (int i = 0; i < peers.size(); i++) {
                flap(peers.get(i), step, i);
            }
            change(step);
            steps.incrementAndGet();
            Thread.sleep(STEP);
        }
        for (var peer : peers) {
            peer.wire().become(Condition.GOOD);
            if (!Files.exists(file(peer))) {
                write(peer, steps.get());
            }
        }
    }

    /// Half of them lose the connection and get it again, a quarter leave and join, a quarter get
    /// other credentials.
    private void flap(StubMember peer, int step, int number) throws IOException {
        switch (number % 4) {
            case 0, 2 ->
                    peer.wire()
                            .become(
                                    (step + number / 2) % 2 == 0
                                            ? Condition.RESETTING
                                            : Condition.GOOD);
            case 1 -> {
                if ((step + number) % 7 == 0) {
                    Files.deleteIfExists(file(peer));
                } else if ((step + number) % 7 == 3) {
                    write(peer, step);
                }
            }
            default -> {
                if ((step + number) % 5 == 0) {
                    write(peer, step);
                }
            }
        }
    }

    /// A policy comes, one goes, under names that never existed before. Now and then peers forget
    /// what happened: those that were away then have to list.
    private void change(int step) {
        own.policies().put(PLURAL, key(step), spec(step, 8080));
        own.policies().delete(PLURAL, key(step - POLICIES));
        for (int i = 0; i < peers.size(); i++) {
            var policies = peers.get(i).policies();
            policies.put(PLURAL, key(step), spec(step, i % 2 == 0 ? 8080 : 8081));
            policies.delete(PLURAL, key(step - POLICIES));
            if (step % POLICIES == i) {
                policies.forget();
            }
        }
    }

    /// As the kubelet does: at once, whole.
    private void write(StubMember peer, int generation) throws IOException {
        var fresh = files.resolveSibling("fresh");
        Files.writeString(fresh, peer.kubeconfig().replace("reader", "reader" + generation));
        Files.move(fresh, file(peer), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file(StubMember peer) {
        return files.resolve(peer.name().value());
    }

    private static String key(int number) {
        return "default/policy-" + number;
    }

    private static ObjectNode policy(int number, int port) {
        var policy = (ObjectNode) Reviews.policy(port);
        ((ObjectNode) policy.path("metadata")).put("name", "policy-" + number);
        return policy;
    }

    private static String spec(int number, int port) {
        return new String(Yaml.json(policy(number, port).path("spec")), UTF_8);
    }

    @Override
    public void close() {
        own.close();
        peers.forEach(StubMember::close);
    }
}
