package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.Finding.Differs;
import mesh.lockstep.rollout.Finding.Missing;
import mesh.lockstep.rollout.Finding.Previous;
import mesh.lockstep.rollout.Finding.StillHeld;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.PeerView.Lacks;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RolloutRulesTest {

    private static final RolloutRules RULES = new RolloutRules(new ClusterName("here"));
    private static final ClusterName WEST = new ClusterName("west");
    private static final ClusterName EAST = new ClusterName("east");
    private static final Policy A = Policies.withPort(1);
    private static final Policy B = Policies.withPort(2);
    private static final Policy C = Policies.withPort(3);

    static Stream<Arguments> oneChangeAndOnePeer() {
        var created = new Change.Created(B);
        var updated = new Change.Updated(A, B);
        var unchanged = new Change.Updated(A, A);
        var deleted = new Change.Deleted(A);
        return Stream.of(
                Arguments.of("creating what the peer has", created, holds(B), List.of()),
                Arguments.of(
                        "creating another version",
                        created,
                        holds(A),
                        List.of(new Differs(WEST, false, false))),
                Arguments.of(
                        "creating what the peer lacks",
                        created,
                        lacks(),
                        List.of(new Missing(WEST))),
                Arguments.of("creating what is the peer's own affair", created, apart(), List.of()),
                Arguments.of("changing what is the peer's own affair", updated, apart(), List.of()),
                Arguments.of("deleting what is the peer's own affair", deleted, apart(), List.of()),
                Arguments.of("changing to what the peer has", updated, holds(B), List.of()),
                Arguments.of(
                        "changing from what the peer has",
                        updated,
                        holds(A),
                        List.of(new Previous(WEST))),
                Arguments.of(
                        "changing to a fork",
                        updated,
                        holds(C),
                        List.of(new Differs(WEST, false, false))),
                Arguments.of(
                        "changing what the peer lacks",
                        updated,
                        lacks(),
                        List.of(new Missing(WEST))),
                Arguments.of("keeping what the peer has", unchanged, holds(A), List.of()),
                Arguments.of(
                        "keeping what already differs",
                        unchanged,
                        holds(B),
                        List.of(new Differs(WEST, false, false))),
                Arguments.of(
                        "deleting what the peer has",
                        deleted,
                        holds(A),
                        List.of(new StillHeld(WEST))),
                Arguments.of(
                        "deleting another version than the peer's",
                        deleted,
                        holds(B),
                        List.of(new StillHeld(WEST))),
                Arguments.of("deleting what the peer lacks", deleted, lacks(), List.of()),
                Arguments.of(
                        "creating when the peer is unknown",
                        created,
                        unreachable(),
                        List.of(new Unknown(WEST, "gone"))),
                Arguments.of(
                        "deleting when the peer is unknown",
                        deleted,
                        unreachable(),
                        List.of(new Unknown(WEST, "gone"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oneChangeAndOnePeer")
    void findsTheFact(String name, Change change, PeerView view, List<Finding> expected) {
        assertThat(RULES.examine(change, List.of(view), History.NONE)).as(name).isEqualTo(expected);
    }

    @Test
    void knowsWhetherThePeerWentOnFromTheVersionThatIsHere() {
        var change = new Change.Updated(A, B);
        var v1 = A.version().fingerprint();
        var v3 = C.version().fingerprint();
        var between = Fingerprint.of("between");
        var history = History.NONE.moved(v1, between, 1).moved(between, v3, 2);

        assertThat(RULES.examine(change, List.of(holds(C)), history))
                .containsExactly(new Differs(WEST, false, true));
        assertThat(RULES.examine(change, List.of(holds(C)), History.NONE.moved(between, v3, 1)))
                .containsExactly(new Differs(WEST, false, false));
    }

    @Test
    void joinsWhatAnotherPeerAlreadyHas() {
        var findings =
                RULES.examine(
                        new Change.Created(B),
                        List.of(holds(C), new Holds(EAST, B.version(), Revision.NONE)),
                        History.NONE);

        assertThat(findings).containsExactly(new Differs(WEST, true, false));
    }

    @Test
    void doesNotConfuseUnknownWithMissing() {
        var findings =
                RULES.examine(
                        new Change.Deleted(A),
                        List.of(unreachable(), new Lacks(EAST)),
                        History.NONE);

        assertThat(findings).containsExactly(new Unknown(WEST, "gone"));
    }

    private static PeerView holds(Policy policy) {
        return new Holds(WEST, policy.version(), policy.intent().revision());
    }

    private static PeerView lacks() {
        return new Lacks(WEST);
    }

    private static PeerView apart() {
        return new PeerView.Apart(WEST);
    }

    private static PeerView unreachable() {
        return new PeerView.Unknown(WEST, "gone");
    }
}
