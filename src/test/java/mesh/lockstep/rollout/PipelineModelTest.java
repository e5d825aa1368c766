package mesh.lockstep.rollout;

import static mesh.lockstep.rollout.Pipelines.Event.BY_HAND;
import static mesh.lockstep.rollout.Pipelines.Event.OUTAGE;
import static mesh.lockstep.rollout.Pipelines.Event.RACE;
import static mesh.lockstep.rollout.Pipelines.Event.RECREATE;
import static mesh.lockstep.rollout.Pipelines.Event.RESTART;
import static mesh.lockstep.rollout.Pipelines.Event.REVERT;
import static mesh.lockstep.rollout.Pipelines.Event.SUSPENDED;
import static mesh.lockstep.rollout.Pipelines.Event.SUSPENDED_BEHIND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import mesh.lockstep.rollout.Pipelines.State;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What pipelines are promised: as long as each writes only the head of one repository, whenever
/// that stops changing, it arrives in every cluster whose controller is awake, without a person.
/// And what cannot be promised, counted. Checked in every state that can be reached from an
/// agreeing mesh.
@Tag("slow")
class PipelineModelTest {

    /// Found once for all tests that look at them.
    private static final Map<Pipelines, List<State>> REACHABLE = new ConcurrentHashMap<>();

    /// Clusters, commits after the first, and what else happens.
    static Stream<Pipelines> whatArrives() {
        return Stream.of(
                new Pipelines(2, 2),
                new Pipelines(2, 3),
                new Pipelines(3, 2),
                new Pipelines(3, 3),
                new Pipelines(4, 3),
                new Pipelines(2, 3, REVERT),
                new Pipelines(3, 3, REVERT),
                new Pipelines(4, 2, REVERT),
                new Pipelines(2, 3, SUSPENDED_BEHIND),
                new Pipelines(3, 3, SUSPENDED_BEHIND, REVERT),
                new Pipelines(4, 2, SUSPENDED_BEHIND, REVERT),
                new Pipelines(2, 3, RESTART, REVERT),
                new Pipelines(3, 2, RESTART, REVERT),
                new Pipelines(3, 2, RESTART, SUSPENDED_BEHIND),
                new Pipelines(2, 3, RECREATE),
                new Pipelines(3, 2, RECREATE),
                new Pipelines(2, 2, BY_HAND),
                new Pipelines(3, 2, BY_HAND));
    }

    @ParameterizedTest
    @MethodSource("whatArrives")
    void theHeadArrivesEverywhereWithoutAPerson(Pipelines pipelines) {
        assertThat(stuck(pipelines)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("whatArrives")
    void theMeshNeverForks(Pipelines pipelines) {
        assertThat(reachable(pipelines)).allMatch(State::isOnALine);
    }

    /// Those in which each webhook sees each move.
    static Stream<Pipelines> whatAllSee() {
        return whatArrives()
                .filter(it -> !it.happens().contains(RESTART) && !it.happens().contains(RECREATE));
    }

    /// From a version to one that it is known to have led to, step by step.
    @ParameterizedTest
    @MethodSource("whatAllSee")
    void whoIsBehindCanAlwaysCatchUp(Pipelines pipelines) {
        assertThat(reachable(pipelines)).allMatch(pipelines::canCatchUp);
    }

    /// The states, of all that can be reached, from which a person is needed. See docs/rollout.md.
    static Stream<Arguments> whatIsStuck() {
        return Stream.of(
                // A sleeping member that is ahead looks like somebody's own change.
                Arguments.of(new Pipelines(2, 2, SUSPENDED), 2, 64),
                Arguments.of(new Pipelines(3, 2, SUSPENDED), 12, 384),
                Arguments.of(new Pipelines(3, 3, SUSPENDED), 84, 1_712),
                Arguments.of(new Pipelines(4, 2, SUSPENDED), 50, 2_304),
                // Two commits written in one instant, and a third that follows.
                Arguments.of(new Pipelines(2, 2, RACE), 0, 22),
                Arguments.of(new Pipelines(2, 3, RACE), 1, 64),
                Arguments.of(new Pipelines(3, 2, RACE), 0, 100),
                Arguments.of(new Pipelines(3, 3, RACE), 5, 638),
                // What a webhook that is away lets pass.
                Arguments.of(new Pipelines(2, 2, OUTAGE), 0, 198),
                Arguments.of(new Pipelines(2, 3, OUTAGE), 8, 1_164),
                Arguments.of(new Pipelines(3, 2, OUTAGE), 0, 2_529));
    }

    @ParameterizedTest
    @MethodSource("whatIsStuck")
    void whereAPersonIsNeeded(Pipelines pipelines, int stuck, int reachable) {
        assertThat(reachable(pipelines)).hasSize(reachable);
        assertThat(stuck(pipelines)).hasSize(stuck);
    }

    /// Each fork, and each member that is ahead and sleeps, has a way out by which nobody raises a
    /// revision: to give one cluster, by hand, the version of another.
    @ParameterizedTest
    @MethodSource("whatIsStuck")
    void aPersonCanSettleItWithoutARevision(Pipelines pipelines) {
        assertThat(stuck(pipelines)).allMatch(it -> hasAWayBack(pipelines, it));
    }

    // A check that cannot fail proves nothing: each of them fails for a rule that is broken.

    @ParameterizedTest
    @MethodSource("whatArrives")
    void withoutMemoryTheyAreStuck(Pipelines pipelines) {
        assertThat(isStuckSomewhere(pipelines.withoutMemory())).isTrue();
    }

    @ParameterizedTest
    @MethodSource("whatArrives")
    void ifAnEarlierVersionWereHeldAgainstAChangeTheyWouldBeStuck(Pipelines pipelines) {
        assertThat(isStuckSomewhere(pipelines.refusing(it -> it instanceof Finding.Earlier)))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("whatArrives")
    void ifAForkWereAdmittedTheMeshWouldFork(Pipelines pipelines) {
        var lax = pipelines.admitting(it -> it instanceof Finding.Differs);

        assertThat(lax.reachable().anyMatch(it -> !it.isOnALine())).isTrue();
    }

    @ParameterizedTest
    @MethodSource("whatAllSee")
    void ifAPeerAheadWereHeldAgainstAChangeNobodyCouldCatchUp(Pipelines pipelines) {
        var strict = pipelines.refusing(it -> it instanceof Finding.Ahead);

        assertThat(reachable(pipelines)).anyMatch(it -> !strict.canCatchUp(it));
    }

    @Test
    void ifAPeerBehindWereHeldAgainstAChangeThereWouldBeNoWayBack() {
        var strict =
                new Pipelines(3, 2, SUSPENDED)
                        .refusing(
                                it ->
                                        it instanceof Finding.Previous
                                                || it instanceof Finding.Earlier);

        assertThat(stuck(strict)).anyMatch(it -> !hasAWayBack(strict, it));
    }

    private static List<State> reachable(Pipelines pipelines) {
        return REACHABLE.computeIfAbsent(pipelines, it -> it.reachable().toList());
    }

    private static List<State> stuck(Pipelines pipelines) {
        return pipelines.stuck(reachable(pipelines).stream()).toList();
    }

    /// Without looking further than to the first.
    private static boolean isStuckSomewhere(Pipelines pipelines) {
        return pipelines.stuck(pipelines.reachable()).findFirst().isPresent();
    }

    private static boolean hasAWayBack(Pipelines pipelines, State stuck) {
        return pipelines.joined(stuck).anyMatch(it -> pipelines.arrives(it));
    }
}
