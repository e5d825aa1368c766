package mesh.lockstep.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.History;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Trace;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Test;

class ChronicleTest {

    private static final ClusterName HERE = new ClusterName("cluster1");
    private static final ClusterName PEER = new ClusterName("cluster2");
    private static final Policy V1 = Policies.withPort(1);
    private static final Policy V2 = Policies.withPort(2);
    private static final Policy V3 = Policies.withPort(3);
    private static final Policy V4 = Policies.withPort(4);
    private static final Policy V5 = Policies.withPort(5);
    private static final Duration DELETED_FOR = Duration.ofMinutes(10);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Chronicle chronicle = new Chronicle(() -> now, DELETED_FOR);

    @Test
    void followsThisClusterAndItsPeers() {
        open(chronicle, V1);
        chronicle.here(Policies.KEY, Optional.of(trace(V2)), true);
        there(V2, V3);

        assertThat(isBefore(V1, V3)).isTrue();
    }

    /// A watch knows nothing that was there before a creation.
    @Test
    void aCreationInAPeerComesFromWhatWasDeletedThere() {
        open(chronicle, V1);
        there(V1, V2);
        there(PEER, Optional.of(V2), Optional.empty());
        now = now.plus(DELETED_FOR).minusMillis(1);
        chronicle.tidy();
        there(new ClusterName("cluster3"), Optional.empty(), Optional.of(V3));
        there(PEER, Optional.empty(), Optional.of(V1));

        assertThat(isBefore(V2, V1)).isTrue();
        assertThat(isBefore(V2, V3)).isFalse();
    }

    @Test
    void whatAPeerDeletedIsForgottenAfterAWhile() {
        open(chronicle, V1);
        there(PEER, Optional.of(V2), Optional.empty());
        now = now.plus(DELETED_FOR);
        there(PEER, Optional.empty(), Optional.of(V1));

        assertThat(chronicle.moving()).isEmpty();
    }

    /// 254 members that delete 1,000 policies each would take a quarter of the heap.
    @Test
    void ofTooManyDeletionsInPeersNothingIsConcluded() {
        open(chronicle, V1);
        for (int i = 0; i < 20_000; i++) {
            there(new ClusterName("peer-" + i), Optional.of(V2), Optional.empty());
        }
        there(PEER, Optional.of(V2), Optional.empty());
        there(PEER, Optional.empty(), Optional.of(V1));

        assertThat(chronicle.moving()).isEmpty();

        there(new ClusterName("peer-0"), Optional.empty(), Optional.of(V1));
        assertThat(isBefore(V2, V1)).isTrue();
    }

    @Test
    void whatAPeerDeletedIsForgottenWithThePolicy() {
        open(chronicle, V1);
        there(PEER, Optional.of(V2), Optional.empty());
        chronicle.here(Policies.KEY, Optional.empty(), true);
        now = now.plus(DELETED_FOR.dividedBy(2));
        there(PEER, Optional.empty(), Optional.of(V2));
        there(PEER, Optional.of(V2), Optional.empty());
        now = now.plus(DELETED_FOR.dividedBy(2));
        chronicle.tidy();
        chronicle.here(Policies.KEY, Optional.of(trace(V1)), true);
        there(PEER, Optional.empty(), Optional.of(V1));

        assertThat(chronicle.moving()).isEmpty();
    }

    /// The watch may be slower than the next request.
    @Test
    void knowsWhatWasAdmittedBeforeTheWatchTells() {
        open(chronicle, V1);
        chronicle.admitted(new Change.Updated(V1, V2));

        assertThat(isBefore(V1, V2)).isTrue();

        chronicle.admitted(new Change.Deleted(V2));

        assertThat(chronicle.recall(Policies.KEY).deleted()).contains(trace(V2));
    }

    @Test
    void doesNotTurnTheOrderAroundForWhatMayNotHappen() {
        open(chronicle, V1);
        chronicle.here(Policies.KEY, Optional.of(trace(V2)), true);
        chronicle.admitted(new Change.Updated(V2, V1));

        assertThat(isBefore(V1, V2)).isTrue();

        chronicle.here(Policies.KEY, Optional.of(trace(V1)), true);

        assertThat(isBefore(V2, V1)).isTrue();
    }

    @Test
    void forgetsWhatWasDeletedAfterAWhile() {
        open(chronicle, V1);
        chronicle.here(Policies.KEY, Optional.empty(), true);
        now = now.plus(DELETED_FOR).minusMillis(1);

        assertThat(chronicle.recall(Policies.KEY).deleted()).contains(trace(V1));

        now = now.plusMillis(1);
        assertThat(chronicle.recall(Policies.KEY).deleted()).isEmpty();
        chronicle.tidy();
        assertThat(all(chronicle)).isEmpty();
    }

    @Test
    void whatHappenedWhileNobodyWatchedIsSeenAfterwards() {
        open(chronicle, V1);
        chronicle.here(Policies.KEY, Optional.of(trace(V2)), true);
        var next = new Chronicle(() -> now, DELETED_FOR);
        next.learn(all(chronicle));
        open(next, V3);

        assertThat(next.recall(Policies.KEY).isBefore(print(V1), print(V3))).isTrue();
        assertThat(next.moving()).containsExactly(Policies.KEY);
    }

    /// It may have come by way of what peers had before.
    @Test
    void ofWhatHappenedWhileNobodyWatchedTheWayIsNotKnown() {
        open(chronicle, V1);
        there(V1, V2);
        var next = new Chronicle(() -> now, DELETED_FOR);
        next.learn(all(chronicle));
        open(next, V3);

        assertThat(next.recall(Policies.KEY).knows(print(V2))).isTrue();
        assertThat(next.recall(Policies.KEY).knows(print(V3))).isFalse();
        next.here(Policies.KEY, Optional.of(trace(V4)), false);
        next.there(PEER, Policies.KEY, Optional.of(V2.version()), Optional.of(V5.version()), false);
        assertThat(next.recall(Policies.KEY).isBefore(print(V1), print(V4))).isTrue();
        assertThat(next.recall(Policies.KEY).isBefore(print(V2), print(V5))).isTrue();
        assertThat(next.recall(Policies.KEY).knows(print(V4))).isFalse();
        assertThat(next.recall(Policies.KEY).knows(print(V5))).isFalse();
    }

    /// Others may have come after what was there, before it went.
    @Test
    void ofACreationAfterADeletionThatNobodyWatchedTheWayIsNotKnown() {
        open(chronicle, V1);
        var next = new Chronicle(() -> now, DELETED_FOR);
        next.learn(all(chronicle));
        next.open(Set.of(), _ -> new PeerView.Lacks(HERE));
        var third = new Chronicle(() -> now, DELETED_FOR);
        third.learn(all(next));
        third.open(Set.of(), _ -> new PeerView.Lacks(HERE));
        third.here(Policies.KEY, Optional.of(trace(V2)), true);
        third.there(PEER, Policies.KEY, Optional.of(V3.version()), Optional.empty(), false);
        third.there(PEER, Policies.KEY, Optional.empty(), Optional.of(V4.version()), true);

        var history = third.recall(Policies.KEY);
        assertThat(history.isBefore(print(V1), print(V2))).isTrue();
        assertThat(history.isBefore(print(V3), print(V4))).isTrue();
        assertThat(history.knows(print(V2))).isFalse();
        assertThat(history.knows(print(V4))).isFalse();
    }

    @Test
    void ofACreationAfterADeletionThatWasWatchedTheWayIsKnown() {
        open(chronicle, V1);
        chronicle.here(Policies.KEY, Optional.empty(), true);
        chronicle.here(Policies.KEY, Optional.of(trace(V2)), true);
        there(PEER, Optional.of(V3), Optional.empty());
        there(PEER, Optional.empty(), Optional.of(V4));

        assertThat(chronicle.recall(Policies.KEY).knows(print(V2))).isTrue();
        assertThat(chronicle.recall(Policies.KEY).knows(print(V4))).isTrue();
    }

    /// Of two replicas, one may have slept.
    @Test
    void aDeletionThatAnotherReplicaWatchedIsWatched() {
        open(chronicle, V1);
        var other = new Chronicle(() -> now, DELETED_FOR);
        other.learn(all(chronicle));
        open(other, V1);
        other.here(Policies.KEY, Optional.empty(), true);
        now = now.plusMillis(1);
        chronicle.here(Policies.KEY, Optional.empty(), false);
        chronicle.learn(all(other));
        chronicle.here(Policies.KEY, Optional.of(trace(V2)), true);

        assertThat(chronicle.recall(Policies.KEY).knows(print(V2))).isTrue();
    }

    @Test
    void whatWasDeletedWhileNobodyWatchedIsKnownAsWell() {
        open(chronicle, V1);
        var next = new Chronicle(() -> now, DELETED_FOR);
        next.learn(all(chronicle));
        next.open(Set.of(), _ -> new PeerView.Lacks(HERE));

        assertThat(next.recall(Policies.KEY).deleted()).contains(trace(V1));
    }

    /// Peers could invent any number of policies.
    @Test
    void remembersNothingOfWhatThisClusterDoesNotHold() {
        chronicle.open(Set.of(), _ -> new PeerView.Lacks(HERE));
        there(V1, V2);

        assertThat(all(chronicle)).isEmpty();
        assertThat(chronicle.takeChanged(Chapter.of(Fingerprint.of(Policies.KEY)))).isFalse();
    }

    @Test
    void endsWhereAllAgree() {
        open(chronicle, V1);
        chronicle.here(Policies.KEY, Optional.of(trace(V2)), true);
        chronicle.settle(Policies.KEY, chronicle.recall(Policies.KEY));

        assertThat(chronicle.recall(Policies.KEY).moves()).isEmpty();
        assertThat(chronicle.moving()).isEmpty();

        // What is kept still has the moves until it is rewritten.
        chronicle.learn(
                Map.of(
                        Fingerprint.of(Policies.KEY),
                        History.NONE.moved(print(V1), print(V2), now.toEpochMilli())));
        assertThat(chronicle.recall(Policies.KEY).moves()).isEmpty();
    }

    @Test
    void whatIsSeenWhileItIsFoundThatAllAgreeStays() {
        open(chronicle, V1);
        chronicle.here(Policies.KEY, Optional.of(trace(V2)), true);
        var seen = chronicle.recall(Policies.KEY);
        chronicle.here(Policies.KEY, Optional.of(trace(V3)), true);
        chronicle.settle(Policies.KEY, seen);

        assertThat(isBefore(V2, V3)).isTrue();
        assertThat(chronicle.moving()).containsExactly(Policies.KEY);
    }

    @Test
    void tellsOfWhichChaptersSomethingIsNew() {
        open(chronicle, V1);
        var number = Chapter.of(Fingerprint.of(Policies.KEY));

        assertThat(chronicle.takeChanged(number)).isTrue();
        chronicle.here(Policies.KEY, Optional.of(trace(V1)), true);
        assertThat(chronicle.takeChanged(number)).isFalse();
        chronicle.here(Policies.KEY, Optional.of(trace(V2)), true);
        assertThat(chronicle.takeChanged(number)).isTrue();
        chronicle.putBack(number);
        assertThat(chronicle.takeChanged(number)).isTrue();
    }

    /// Another replica keeps it until it writes again.
    @Test
    void doesNotTakeUpAgainWhatItForgot() {
        open(chronicle, V1);
        chronicle.here(Policies.KEY, Optional.empty(), true);
        chronicle.here(Policies.KEY, Optional.of(trace(V2)), true);
        var kept = all(chronicle);
        now = now.plus(DELETED_FOR);
        chronicle.tidy();
        chronicle.learn(kept);

        assertThat(chronicle.recall(Policies.KEY).deletion()).isEmpty();
        var number = Chapter.of(Fingerprint.of(Policies.KEY));
        assertThat(chronicle.takeChanged(number)).isTrue();
        chronicle.tidy();
        assertThat(chronicle.takeChanged(number)).isFalse();
    }

    @Test
    void doesNotTakeWhatIsNotKnownHereForDeleted() {
        open(chronicle, V1);
        var next = new Chronicle(() -> now, DELETED_FOR);
        next.learn(all(chronicle));
        next.open(Set.of(Policies.KEY), _ -> new PeerView.Unknown(HERE, "given up"));

        assertThat(next.recall(Policies.KEY).deleted()).isEmpty();
        assertThat(next.recall(Policies.KEY).held()).contains(trace(V1));
    }

    private void there(Policy from, Policy to) {
        there(PEER, Optional.of(from), Optional.of(to));
    }

    private void there(ClusterName peer, Optional<Policy> from, Optional<Policy> to) {
        chronicle.there(
                peer, Policies.KEY, from.map(Policy::version), to.map(Policy::version), true);
    }

    private boolean isBefore(Policy earlier, Policy later) {
        return chronicle.recall(Policies.KEY).isBefore(print(earlier), print(later));
    }

    private static void open(Chronicle chronicle, Policy held) {
        chronicle.open(
                Set.of(Policies.KEY), _ -> new PeerView.Holds(HERE, held.version(), Revision.NONE));
    }

    private static Map<Fingerprint, History> all(Chronicle chronicle) {
        var all = new HashMap<Fingerprint, History>();
        for (int chapter = 0; chapter < Chapter.NUMBER; chapter++) {
            all.putAll(chronicle.chapter(chapter));
        }
        return all;
    }

    private static Fingerprint print(Policy policy) {
        return policy.version().fingerprint();
    }

    private static Trace trace(Policy policy) {
        return Trace.of(policy.version(), Revision.NONE);
    }
}
