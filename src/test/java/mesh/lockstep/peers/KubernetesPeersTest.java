package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.rollout.PeerView.Holds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KubernetesPeersTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final PolicyKey KEY = new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", "a");
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int MEMBERS = 30;
    private static final int TIMES = 20;

    private final List<StubMember> members = StubMesh.members(MEMBERS);
    private final List<ClusterName> names = members.stream().map(StubMember::name).toList();
    private final StubMesh mesh =
            new StubMesh(VERTX, Pace.ordinary(Duration.ofMinutes(1)), members);

    @BeforeEach
    void awaitThem() {
        await().atMost(LONG).until(mesh::areUp);
    }

    @AfterEach
    void close() {
        mesh.close();
    }

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void asksPeersThatOweAnAnswerLast() {
        var silent = members.subList(0, MEMBERS / 3);
        silent.forEach(it -> it.server().mute("get"));
        for (var name : names) {
            Thread.ofVirtual().start(() -> mesh.peers().ask(List.of(name), KEY, Deadline.in(LONG)));
        }

        await().atMost(LONG)
                .untilAsserted(
                        () ->
                                assertThat(last(silent.size(), mesh.peers().inOrder(names, KEY)))
                                        .containsExactlyInAnyOrderElementsOf(
                                                silent.stream().map(StubMember::name).toList()));

        silent.forEach(it -> it.server().unmute());
        await().atMost(LONG)
                .until(
                        () ->
                                !silent.stream()
                                        .map(StubMember::name)
                                        .toList()
                                        .containsAll(
                                                last(
                                                        silent.size(),
                                                        mesh.peers().inOrder(names, KEY))));
    }

    @Test
    void asksPeersThatAreRememberedToHoldSomethingFirst() {
        var holder = members.getLast();
        holder.policies().put("ciliumnetworkpolicies", "default/a", "{\"ingress\":[]}");
        await().until(() -> mesh.peers().recall(KEY).stream().anyMatch(Holds.class::isInstance));

        for (int i = 0; i < TIMES; i++) {
            assertThat(mesh.peers().inOrder(names, KEY)).startsWith(holder.name());
        }
    }

    /// If not, hundreds of admissions would ask the same few.
    @Test
    void asksOthersAboutAnotherPolicy() {
        var other = new PolicyKey(KEY.kind(), KEY.namespace(), KEY.name() + "-other");

        assertThat(mesh.peers().inOrder(names, other))
                .isNotEqualTo(mesh.peers().inOrder(names, KEY))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    /// A retry is refused in the same words.
    @Test
    void asksTheSameAboutOnePolicy() {
        var shuffled = new ArrayList<>(names);
        Collections.reverse(shuffled);

        assertThat(mesh.peers().inOrder(shuffled, KEY)).isEqualTo(mesh.peers().inOrder(names, KEY));
    }

    private static List<ClusterName> last(int number, List<ClusterName> all) {
        return all.subList(all.size() - number, all.size());
    }

    @Test
    void asksAllPeersWhereNoneSettlesIt() {
        try (var answers = mesh.peers().ask(names, KEY, Deadline.in(LONG))) {
            assertThat(answers)
                    .extracting(it -> it.peer())
                    .containsExactlyInAnyOrderElementsOf(names);
        }
    }
}
