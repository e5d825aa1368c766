package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Model.Mesh;
import mesh.lockstep.rollout.Model.Write;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the rules promise, checked in every state of meshes of two and three clusters: each holds
/// one of three specs at one of three revisions, or nothing.
@Tag("slow")
class RolloutModelTest {

    @ParameterizedTest
    @CsvSource({
        "2, STRICT",
        "2, DENY",
        "2, WARN",
        "2, AUDIT",
        "3, STRICT",
        "3, DENY",
        "3, WARN",
        "3, AUDIT"
    })
    void agreementCanBeReachedFromEveryStateWithoutRaisingARevision(int clusters, Level level) {
        noTraps(new Model(clusters, level));
    }

    @ParameterizedTest
    @CsvSource({
        "2, STRICT",
        "2, DENY",
        "2, WARN",
        "2, AUDIT",
        "3, STRICT",
        "3, DENY",
        "3, WARN",
        "3, AUDIT"
    })
    void oneRaiseBringsAgreementOnAnySpecInAnyOrder(int clusters, Level level) {
        oneRaiseIsEnough(new Model(clusters, level));
    }

    @ParameterizedTest
    @EnumSource(
            value = Level.class,
            names = {"DENY", "WARN", "AUDIT"})
    void anUndeclaredRolloutCompletesAndCanBeRolledBackInAnyOrder(Level level) {
        rolloutCompletes(new Model(3, level), 0);
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void aDeclaredRolloutCompletesAndCanBeRolledBackInAnyOrder(Level level) {
        rolloutCompletes(new Model(3, level), 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Level.class,
            names = {"STRICT", "DENY"})
    void aSecondChangeIsRefusedWhileOneIsInProgress(Level level) {
        secondChangeIsRefused(new Model(3, level));
    }

    @Test
    void neverMoreThanTwoSpecsAtOneRevisionAreReachableAtDeny() {
        atMostSpecsAtOneRevision(new Model(3, Level.DENY), 2);
    }

    @Test
    void neverMoreThanOneSpecAtOneRevisionIsReachableAtStrict() {
        atMostSpecsAtOneRevision(new Model(3, Level.STRICT), 1);
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void whatKeepsTheMeaningIsAdmittedInEveryState(Level level) {
        keepingIsAdmitted(new Model(3, level));
        keepingIsAdmitted(new Model(3, level).withUnknownPeer(2));
    }

    @ParameterizedTest
    @EnumSource(
            value = Level.class,
            names = {"DENY", "WARN", "AUDIT"})
    void aRolloutCompletesWhileOnePeerIsUnknown(Level level) {
        rolloutCompletes(new Model(3, level).withUnknownPeer(2), 0);
        rolloutCompletes(new Model(3, level).withUnknownPeer(2), 1);
    }

    /// What the model calls one revision above the others is always there to be written, whatever
    /// the others have written: even by a clock that is a day ahead, or what is not allowed at all.
    @ParameterizedTest
    @ValueSource(strings = {"0", "20270101235959", "20270102235959", "999999999999999999"})
    void oneRaiseIsPossibleASecondAfterAnyRevision(String written) {
        var now = Instant.parse("2026-12-31T23:59:59Z");
        var theirs = Policies.withRevision(1, written, now.plusSeconds(1));
        var raised = Long.toString(theirs.intent().revision().number() + 1);
        var ours = Policies.withRevision(2, raised, now.plusSeconds(1));
        var peer = new ClusterName("cluster2");
        var view = new PeerView.Holds(peer, theirs.version(), theirs.intent().revision());

        var findings =
                new RolloutRules(new ClusterName("cluster1"))
                        .examine(new Change.Created(ours), List.of(view), History.NONE);

        assertThat(ours.intent().unreadable()).isEmpty();
        assertThat(findings).containsExactly(new Finding.Older(peer, theirs.intent().revision()));
    }

    // A check that cannot fail proves nothing: each of them fails for a rule that is broken.

    @Test
    void withoutTheJoiningClauseThereAreTraps() {
        fails(
                () ->
                        noTraps(
                                new Model(3, Level.DENY)
                                        .refusing(it -> it instanceof Finding.Differs)));
    }

    @Test
    void ifALowerRevisionWereHeldAgainstAChangeOneRaiseWouldNotBeEnough() {
        fails(
                () ->
                        oneRaiseIsEnough(
                                new Model(3, Level.DENY)
                                        .refusing(it -> it instanceof Finding.Older)));
    }

    @Test
    void ifThePreviousVersionWereHeldAgainstAChangeNoRolloutWouldBegin() {
        fails(
                () ->
                        rolloutCompletes(
                                new Model(3, Level.DENY)
                                        .refusing(it -> it instanceof Finding.Previous),
                                0));
    }

    @Test
    void ifAThirdVersionWereAdmittedThereWouldBeThree() {
        var lax = new Model(3, Level.DENY).admitting(it -> it instanceof Finding.Differs);

        fails(() -> atMostSpecsAtOneRevision(lax, 2));
        fails(() -> secondChangeIsRefused(lax));
    }

    @Test
    void ifStrictAdmittedThePreviousVersionThereWouldBeTwo() {
        fails(
                () ->
                        atMostSpecsAtOneRevision(
                                new Model(3, Level.STRICT)
                                        .admitting(it -> it instanceof Finding.Previous),
                                1));
    }

    @Test
    void ifDriftWereHeldAgainstItAReapplyWouldBeRefused() {
        fails(
                () ->
                        keepingIsAdmitted(
                                new Model(3, Level.DENY)
                                        .refusing(it -> it instanceof Finding.Differs)));
    }

    private static void fails(Executable check) {
        assertThatThrownBy(check::execute).isInstanceOf(AssertionError.class);
    }

    private static void noTraps(Model model) {
        for (var mesh : model.meshes()) {
            assertThat(model.reaches(mesh, Mesh::agrees, mesh.highestRevision()))
                    .as("agreement from %s", mesh)
                    .isTrue();
        }
    }

    private static void oneRaiseIsEnough(Model model) {
        for (var mesh : model.meshes()) {
            for (int spec = 0; spec < Model.SPECS; spec++) {
                for (var order : model.orders()) {
                    var now = mesh;
                    for (int cluster : order) {
                        var write = new Write(cluster, spec, mesh.highestRevision() + 1);
                        assertThat(model.admits(now, write)).as("%s in %s", write, now).isTrue();
                        now = now.after(write);
                    }
                }
            }
        }
    }

    /// From an agreeing mesh to every other spec, in every order; and from every point of it back
    /// again, in every order.
    ///
    /// @param raise of the revision: 0 for a rollout that is not declared
    private static void rolloutCompletes(Model model, int raise) {
        for (var mesh : model.agreeing()) {
            var from = mesh.copy(0);
            for (int spec = 0; spec < Model.SPECS; spec++) {
                if (spec == from.spec()) {
                    continue;
                }
                for (var order : model.orders()) {
                    var now = mesh;
                    for (int cluster : order) {
                        var write = new Write(cluster, spec, from.revision() + raise);
                        assertThat(model.admits(now, write)).as("%s in %s", write, now).isTrue();
                        now = now.after(write);
                        rollsBack(model, now, from.spec(), from.revision() + 2 * raise);
                    }
                }
            }
        }
    }

    private static void rollsBack(Model model, Mesh midway, int spec, int revision) {
        for (var order : model.orders()) {
            var now = midway;
            for (int cluster : order) {
                var write = new Write(cluster, spec, revision);
                assertThat(model.admits(now, write)).as("back: %s in %s", write, now).isTrue();
                now = now.after(write);
            }
        }
    }

    private static void secondChangeIsRefused(Model model) {
        var raise = model.level() == Level.STRICT ? 1 : 0;
        for (var mesh : model.agreeing()) {
            var from = mesh.copy(0);
            var first = new Write(0, (from.spec() + 1) % Model.SPECS, from.revision() + raise);
            var second = new Write(1, (from.spec() + 2) % Model.SPECS, from.revision() + raise);
            assertThat(model.admits(mesh, first)).isTrue();
            assertThat(model.admits(mesh.after(first), second))
                    .as("%s after %s in %s", second, first, mesh)
                    .isFalse();
        }
    }

    private static void atMostSpecsAtOneRevision(Model model, int atMost) {
        var reachable = model.reachable(Set.copyOf(model.agreeing()));
        assertThat(reachable).hasSizeGreaterThan(model.agreeing().size());
        assertThat(reachable)
                .allSatisfy(
                        mesh ->
                                assertThat(mesh.mostSpecsAtOneRevision())
                                        .isLessThanOrEqualTo(atMost));
    }

    private static void keepingIsAdmitted(Model model) {
        for (var mesh : model.meshes()) {
            for (int cluster = 0; cluster < mesh.size(); cluster++) {
                if (mesh.holds(cluster)) {
                    var copy = mesh.copy(cluster);
                    var write = new Write(cluster, copy.spec(), copy.revision());
                    assertThat(model.admits(mesh, write)).as("%s in %s", write, mesh).isTrue();
                }
            }
        }
    }
}
