package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.Revision;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private static final int VERSIONS = 5;
    private static final Fingerprint V1 = version(1);
    private static final Fingerprint V2 = version(2);
    private static final Fingerprint V3 = version(3);
    private static final Fingerprint V4 = version(4);

    @Test
    void knowsWhatCameFromWhatAtAnyDistance() {
        var history = moves(1, 2, 2, 3);

        assertThat(history.isBefore(V1, V2)).isTrue();
        assertThat(history.isBefore(V1, V3)).isTrue();
        assertThat(history.isBefore(V3, V1)).isFalse();
        assertThat(history.isBefore(V1, V1)).isFalse();
        assertThat(history.isBefore(V1, V4)).isFalse();
    }

    @Test
    void doesNotTakeAForkForALine() {
        var history = moves(1, 2, 1, 3);

        assertThat(history.isBefore(V2, V3)).isFalse();
        assertThat(history.isBefore(V3, V2)).isFalse();
    }

    @Test
    void goingBackTurnsTheOrderAround() {
        var history = moves(1, 2, 2, 1);

        assertThat(history.isBefore(V2, V1)).isTrue();
        assertThat(history.isBefore(V1, V2)).isFalse();
    }

    @Test
    void versionsBeforeTheOneGoneBackToStillCameFirst() {
        var history = moves(1, 2, 2, 3, 3, 2);

        assertThat(history.isBefore(V1, V3)).isTrue();
        assertThat(history.isBefore(V3, V2)).isTrue();
    }

    @Test
    void whatOthersMadeMeanwhileStillCameFromIt() {
        // One member goes from 1 to 2 and back while another goes on from 2 to 3.
        var history = moves(1, 2, 2, 3, 2, 1);

        assertThat(history.isBefore(V1, V3)).isTrue();
        assertThat(history.isBefore(V2, V1)).isTrue();
    }

    @Test
    void whatIsHereNowCameFromWhatWasHere() {
        var history = History.NONE.here(trace(1), 1, true).here(trace(2), 2, true);

        assertThat(history.isBefore(V1, V2)).isTrue();
        assertThat(history.held()).isEqualTo(trace(2));
    }

    @Test
    void whatIsCreatedCameFromWhatWasDeleted() {
        var deleted = History.NONE.here(trace(1), 1, true).here(Optional.empty(), 2, true);
        var created = deleted.here(trace(2), 3, true);

        assertThat(deleted.deleted()).isEqualTo(trace(1));
        assertThat(created.isBefore(V1, V2)).isTrue();
        assertThat(deleted.forgetting(1).deleted()).isEqualTo(trace(1));
        assertThat(deleted.forgetting(2).deleted()).isEmpty();
        assertThat(deleted.forgetting(2).here(trace(2), 3, true).isBefore(V1, V2)).isFalse();
    }

    /// A member that sleeps holds the first of them.
    @Test
    void keepsAHandfulAmongThemTheFirst() {
        var history = History.NONE;
        for (int i = 0; i < 100; i++) {
            history = history.moved(version(i), version(i + 1), i);
        }

        assertThat(history.moves()).hasSize(History.MOST);
        assertThat(history.isBefore(version(0), version(100))).isTrue();
        assertThat(history.isBefore(version(101 - History.MOST), version(100))).isTrue();
        assertThat(history.isBefore(version(50), version(100))).isFalse();
    }

    @Test
    void ofForksKeepsTheLatest() {
        var history = History.NONE;
        for (int i = 0; i < 100; i++) {
            history = history.moved(V1, version(10 + i), i);
        }

        assertThat(history.moves()).hasSize(History.MOST);
        assertThat(history.isBefore(V1, version(109))).isTrue();
        assertThat(history.isBefore(V1, version(10))).isFalse();
    }

    @Test
    void whoeverCreatesWhatIsHeldHasDeletedIt() {
        assertThat(History.NONE.here(trace(1), 1, true).lately()).isEqualTo(trace(1));
        assertThat(History.NONE.here(trace(1), 1, true).here(Optional.empty(), 2, true).lately())
                .isEqualTo(trace(1));
    }

    @Test
    void doesNotFollowAClockThatIsSetBack() {
        var history = History.NONE.moved(V1, V2, 1_000).moved(V2, V1, 10);

        assertThat(history.and(History.NONE).isBefore(V2, V1)).isTrue();
    }

    @Test
    void whatTwoReplicasSawIsOne() {
        var one = History.NONE.moved(V1, V2, 1);
        var other = History.NONE.moved(V2, V3, 2);

        assertThat(one.and(other).isBefore(V1, V3)).isTrue();
        assertThat(other.and(one)).isEqualTo(one.and(other));
    }

    @Test
    void whatWasWatchedOnceIsKnown() {
        var watched = History.NONE.moved(V1, V2, 1);
        var found = History.NONE.moved(V1, V2, 2, false);

        assertThat(found.knows(V2)).isFalse();
        assertThat(found.isLike(watched)).isFalse();
        assertThat(watched.and(found).knows(V2)).isTrue();
        assertThat(found.and(watched).knows(V2)).isTrue();
        assertThat(watched.moved(V1, V2, 3, false).knows(V2)).isTrue();
    }

    /// Neither by what is forgotten in between nor by going back.
    @Test
    void nothingBecomesKnownByWhatIsLeftOut() {
        var forgotten = History.NONE.moved(version(0), version(1), 1, false);
        for (int i = 1; i < 100; i++) {
            forgotten = forgotten.moved(version(i), version(i + 1), i + 1L);
        }
        var back = History.NONE.moved(V1, V2, 1).moved(V2, V3, 2, false).moved(V3, V2, 3, false);

        assertThat(forgotten.knows(version(0))).isFalse();
        assertThat(forgotten.knows(version(100))).isTrue();
        assertThat(back.isBefore(V1, V3)).isTrue();
        assertThat(back.knows(V3)).isFalse();
    }

    @Test
    void isNeverACircle() {
        anyMoves()
                .forEach(
                        it -> {
                            for (int i = 0; i < VERSIONS; i++) {
                                for (int j = 0; j < VERSIONS; j++) {
                                    assertThat(isBefore(it, i, j) && isBefore(it, j, i))
                                            .as(it.toString())
                                            .isFalse();
                                }
                            }
                        });
    }

    @Test
    void sayingItTwiceSaysNoMore() {
        anyMoves()
                .forEach(
                        it -> {
                            assertThat(it.and(it).isLike(it)).as(it.toString()).isTrue();
                            assertThat(it.and(History.NONE).isLike(it)).isTrue();
                        });
    }

    @Test
    void twoReplicasComeToTheSame() {
        var others = anyMoves().toList().reversed().iterator();
        anyMoves()
                .forEach(
                        it -> {
                            var other = others.next();
                            assertThat(it.and(other)).isEqualTo(other.and(it));
                        });
    }

    private static boolean isBefore(History history, int earlier, int later) {
        return history.isBefore(version(earlier), version(later));
    }

    private static Stream<History> anyMoves() {
        var random = new Random(1);
        return IntStream.range(0, 2_000)
                .mapToObj(
                        _ ->
                                IntStream.range(0, random.nextInt(12))
                                        .boxed()
                                        .reduce(
                                                History.NONE,
                                                (history, at) ->
                                                        history.moved(
                                                                version(random.nextInt(VERSIONS)),
                                                                version(random.nextInt(VERSIONS)),
                                                                at),
                                                (_, it) -> it));
    }

    /// @param versions pairs of from and to
    private static History moves(int... versions) {
        return IntStream.range(0, versions.length / 2)
                .boxed()
                .reduce(
                        History.NONE,
                        (history, i) ->
                                history.moved(
                                        version(versions[2 * i]), version(versions[2 * i + 1]), i),
                        (_, it) -> it);
    }

    private static Optional<Trace> trace(int number) {
        return Optional.of(new Trace(version(number), 0, Revision.NONE));
    }

    private static Fingerprint version(int number) {
        return new Fingerprint(number, number);
    }
}
