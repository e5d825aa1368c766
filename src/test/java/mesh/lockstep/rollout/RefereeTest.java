package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.rollout.Finding.Differs;
import mesh.lockstep.rollout.Finding.Missing;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.Namespaces.Namespace;
import mesh.lockstep.rollout.Verdict.Admitted;
import mesh.lockstep.rollout.Verdict.Grounds;
import mesh.lockstep.rollout.Verdict.Grounds.AlreadyExists;
import mesh.lockstep.rollout.Verdict.Grounds.Deferred;
import mesh.lockstep.rollout.Verdict.Grounds.Uncompared;
import mesh.lockstep.rollout.Verdict.Grounds.Witness;
import mesh.lockstep.rollout.Verdict.Overridden;
import mesh.lockstep.rollout.Verdict.Refused;
import mesh.lockstep.rollout.Verdict.Weighed;
import mesh.lockstep.support.FakeNamespaces;
import mesh.lockstep.support.FakePeers;
import mesh.lockstep.support.ManyDifferences;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Test;

class RefereeTest {

    private static final Policy A = Policies.withPort(1);
    private static final Policy B = Policies.withPort(2);
    private static final Policy C = Policies.withPort(3);
    private static final Deadline SOON = Deadline.in(Duration.ofMinutes(5));

    private static final ClusterName WEST = new ClusterName("west");

    private final FakePeers peers = new FakePeers();
    private final FakeNamespaces namespaces = new FakeNamespaces();

    @Test
    void admitsFromMemoryWithoutAsking() {
        peers.holding("east", B).holding("west", A);

        var judgement = judge(new Change.Updated(A, B));

        assertThat(judgement.verdict()).isInstanceOf(Admitted.class);
        assertThat(judgement.asked()).isFalse();
        assertThat(peers.asked()).isEmpty();
    }

    @Test
    void refusesWithAWitnessThatWasAsked() {
        peers.holding("west", C);

        var judgement = judge(new Change.Updated(A, B));

        assertThat(peers.asked()).containsExactly("west");
        assertThat(judgement.asked()).isTrue();
        assertThat(judgement.verdict())
                .isInstanceOfSatisfying(
                        Refused.class,
                        it ->
                                assertThat(it.grounds())
                                        .isInstanceOfSatisfying(
                                                Witness.class,
                                                witness -> {
                                                    assertThat(witness.peer().value())
                                                            .isEqualTo("west");
                                                    assertThat(witness.resourceVersion())
                                                            .isEqualTo("1001");
                                                    assertThat(witness.differences().places())
                                                            .hasSize(1);
                                                }));
    }

    @Test
    void doesNotLetInWhatThereIsNoTimeToExplain() {
        var kind = ManyDifferences.ENTRIES;
        peers.holding("west", kind.here(6_000));
        var ours = kind.there(6_000);
        var requested = by("jane", new Change.Updated(A, ours));

        var judgement = referee(Severity.WARN).judge(requested, Deadline.in(Duration.ZERO));

        assertThat(judgement.verdict())
                .isInstanceOfSatisfying(
                        Refused.class,
                        it ->
                                assertThat(it.grounds())
                                        .isInstanceOfSatisfying(
                                                Witness.class,
                                                witness ->
                                                        assertThat(witness.differences().complete())
                                                                .isFalse()));
    }

    @Test
    void withdrawsAnAccusationThatMemoryMadeAlone() {
        peers.holding("west", C).showing("west", B);

        assertThat(judge(new Change.Updated(A, B)).verdict()).isEqualTo(new Admitted(List.of()));
    }

    @Test
    void takesAnAccusedThatLostThePolicyForMissing() {
        peers.holding("west", C).notShowing("west");

        assertThat(findings(judge(new Change.Updated(A, B))))
                .containsExactly(new Missing(new ClusterName("west")));
    }

    @Test
    void neverRefusesBecauseAPeerIsSilent() {
        peers.holding("west", C).silent("west", "connection refused");

        var judgement = judge(new Change.Updated(A, B));

        assertThat(judgement.verdict()).isInstanceOf(Admitted.class);
        assertThat(findings(judgement))
                .containsExactly(new Unknown(new ClusterName("west"), "connection refused"));
    }

    @Test
    void defersWhatMemoryRefusesWhereThePeerCouldNotBeAsked() {
        peers.holding("west", C).deferring("west", "too many requests at once");

        var judgement = judge(new Change.Updated(A, B));

        assertThat(judgement.verdict())
                .isInstanceOfSatisfying(
                        Refused.class,
                        it ->
                                assertThat(it.grounds())
                                        .isEqualTo(
                                                new Deferred(
                                                        new Differs(WEST, false, false),
                                                        "too many requests at once")));
    }

    @Test
    void defersNothingThatOthersSettle() {
        peers.holding("east", C).deferring("east", "crowded").holding("west", C);
        assertThat(judge(new Change.Updated(A, B)).verdict())
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.grounds()).isInstanceOf(Witness.class));

        peers.showing("west", B);
        assertThat(judge(new Change.Updated(A, B)).verdict()).isInstanceOf(Admitted.class);
    }

    @Test
    void defersNothingThatMemoryWouldAdmit() {
        peers.holding("west", A).deferring("west", "crowded");
        assertThat(judge(new Change.Updated(A, B)).verdict()).isInstanceOf(Admitted.class);

        peers.holding("west", C).deferring("west", "crowded");
        assertThat(judge(new Change.Deleted(A)).verdict()).isInstanceOf(Admitted.class);
        namespaces.with("default", new Namespace(true, false, Optional.of("warn")));
        assertThat(judge(new Change.Updated(A, B)).verdict()).isInstanceOf(Admitted.class);
    }

    @Test
    void whoMayOverrideIsNotDeferred() {
        peers.holding("west", C).deferring("west", "crowded");

        var judgement =
                referee(Severity.WARN)
                        .judge(by("me", new Change.Updated(A, B), "lockstep:override"), SOON);

        assertThat(judgement.verdict()).isInstanceOf(Overridden.class);
    }

    @Test
    void refusesTheUnknownForGoodWhereThatIsConfigured() {
        peers.holding("east", C).deferring("east", "crowded").unreachable("west", "gone");

        var judgement = referee(Severity.DENY).judge(by("jane", new Change.Created(B)), SOON);

        assertThat(judgement.verdict())
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.grounds()).isEqualTo(new Uncompared()));
    }

    @Test
    void isSettledByTheFirstPeerThatConfirms() {
        // Memory stays as it was for peers that are not needed any more.
        peers.holding("east", C).holding("west", C).showing("west", B);

        var judgement = judge(new Change.Updated(A, B));

        assertThat(judgement.verdict()).isInstanceOf(Refused.class);
        assertThat(findings(judgement))
                .containsExactly(
                        new Differs(new ClusterName("east"), false, false),
                        new Differs(new ClusterName("west"), false, false));
    }

    @Test
    void namesTheSameWhoeverAnswersFirst() {
        peers.holding("east", C).holding("west", C).holding("north", A);

        var first = grounds(judge(new Change.Updated(A, B)));
        peers.answeringInReverse();

        assertThat(grounds(judge(new Change.Updated(A, B)))).isEqualTo(first);
        assertThat(first)
                .containsInstanceOf(Witness.class)
                .map(it -> ((Witness) it).peer().value())
                .contains("east");
    }

    @Test
    void doesNotWaitForASilentPeerThatWouldBeNamedFirst() {
        peers.holding("east", C).silent("east", "gone").holding("west", C).answeringInReverse();
        assertThat(grounds(judge(new Change.Updated(A, B)))).map(RefereeTest::peer).contains(WEST);

        peers.deferring("east", "no time left to wait for its answer");
        assertThat(grounds(judge(new Change.Updated(A, B)))).map(RefereeTest::peer).contains(WEST);
    }

    @Test
    void listensOnlyAMomentToOthersOnceOneHasConfirmed() {
        peers.holding("east", C).holding("west", C);
        judge(new Change.Updated(A, B));
        assertThat(peers.concluded()).as("the first by name has settled it").isFalse();

        peers.answeringInReverse();
        judge(new Change.Updated(A, B));
        assertThat(peers.concluded()).isTrue();
    }

    private static ClusterName peer(Grounds grounds) {
        return ((Witness) grounds).peer();
    }

    @Test
    void admitsWhenThePeerThatAnswersFirstAlreadyHasTheVersion() {
        peers.holding("east", C).showing("east", B).holding("west", C);

        var judgement = judge(new Change.Updated(A, B));

        assertThat(judgement.verdict()).isInstanceOf(Admitted.class);
        assertThat(findings(judgement))
                .containsExactly(new Differs(new ClusterName("west"), true, false));
    }

    @Test
    void asksPeersThatMemoryCallsMissingBeforeItRefuses() {
        // West differs and never confirms; east got our version a moment ago: we join it.
        peers.holding("west", C).silent("west", "gone").lacking("east").showing("east", B);

        var judgement = judge(new Change.Created(B));

        assertThat(peers.asked()).containsExactly("east", "west");
        assertThat(findings(judgement))
                .containsExactly(new Unknown(new ClusterName("west"), "gone"));
    }

    @Test
    void asksPeersThatMemoryCallsPreviousBeforeItRefuses() {
        peers.holding("west", C).silent("west", "gone").holding("east", A).showing("east", B);

        var judgement = judge(new Change.Updated(A, B));

        assertThat(peers.asked()).containsExactly("east", "west");
        assertThat(judgement.verdict()).isInstanceOf(Admitted.class);
    }

    @Test
    void doesNotAskPeersThatAgree() {
        peers.holding("east", B).holding("west", A);

        var strict = referee(Level.STRICT, Severity.WARN);
        strict.judge(by("jane", new Change.Updated(A, B)), SOON);

        assertThat(peers.asked()).containsExactly("west");
    }

    @Test
    void refusesTheUnknownWithoutAWitnessWhereThatIsConfigured() {
        peers.unreachable("west", "connection refused");

        var judgement = referee(Severity.DENY).judge(by("jane", new Change.Created(A)), SOON);

        assertThat(judgement.verdict())
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.grounds()).isEqualTo(new Uncompared()));
    }

    @Test
    void neverAsksAboutADeletion() {
        peers.holding("west", C);

        var judgement = judge(new Change.Deleted(A));

        assertThat(judgement.verdict()).isInstanceOf(Admitted.class);
        assertThat(peers.asked()).isEmpty();
    }

    @Test
    void letsWhoMayOverrideThroughAndSaysWho() {
        peers.holding("west", C);

        var judgement =
                referee(Severity.WARN)
                        .judge(by("me", new Change.Updated(A, B), "lockstep:override"), SOON);

        assertThat(judgement.verdict())
                .isInstanceOfSatisfying(
                        Overridden.class, it -> assertThat(it.by()).isEqualTo("me"));
    }

    @Test
    void needsNoOverrideForWhatIsAdmittedAnyway() {
        peers.holding("west", A);

        var judgement =
                referee(Severity.WARN)
                        .judge(by("me", new Change.Updated(A, B), "lockstep:override"), SOON);

        assertThat(judgement.verdict()).isInstanceOf(Admitted.class);
    }

    @Test
    void saysThatItExistsOfACreationThatWouldBeRefusedAndNotOfAnyOther() {
        peers.holding("west", C).heldHere(true);

        assertThat(grounds(judge(new Change.Created(B)))).contains(new AlreadyExists());
        assertThat(peers.asked()).isEmpty();
        assertThat(grounds(judge(new Change.Updated(A, B)))).containsInstanceOf(Witness.class);
        assertThat(judge(new Change.Created(C)).verdict()).isInstanceOf(Admitted.class);
        assertThat(
                        referee(Severity.WARN)
                                .judge(by("me", new Change.Created(B), "lockstep:override"), SOON)
                                .verdict())
                .isInstanceOf(Overridden.class);
    }

    /// Neither is what exists admitted because it exists: by then it may be gone.
    @Test
    void refusesToCreateWhatIsNoLongerThere() {
        peers.holding("west", C).heldHere(false);

        assertThat(grounds(judge(new Change.Created(B)))).containsInstanceOf(Witness.class);
    }

    @Test
    void leavesAloneWhatIsExempt() {
        peers.holding("west", C);

        namespaces.with("default", new Namespace(false, false, Optional.empty()));

        assertThat(judge(new Change.Updated(A, B))).isEqualTo(Judgement.EXEMPT);
    }

    @Test
    void judgesOfANamespaceBeingDeletedOnlyWhatChangesTheMeaning() {
        peers.holding("west", C);
        namespaces.with("default", new Namespace(true, true, Optional.empty()));

        assertThat(judge(new Change.Deleted(A))).isEqualTo(Judgement.EXEMPT);
        assertThat(judge(new Change.Updated(A, A))).isEqualTo(Judgement.EXEMPT);
        assertThat(judge(new Change.Updated(A, B)).verdict()).isInstanceOf(Refused.class);
    }

    @Test
    void takesTheLevelFromTheNamespacesLabel() {
        peers.holding("west", C);
        namespaces.with("default", new Namespace(true, false, Optional.of("warn")));

        assertThat(judge(new Change.Updated(A, B)).verdict()).isInstanceOf(Admitted.class);
    }

    @Test
    void takesTheClustersLevelForALabelThatNamesNone() {
        peers.holding("west", C);
        namespaces.with("default", new Namespace(true, false, Optional.of("Warn")));

        var judgement = judge(new Change.Updated(A, B));

        assertThat(judgement.verdict()).isInstanceOf(Refused.class);
        assertThat(judgement.remarks()).containsExactly(new Remark.UnknownLevel("Warn"));
    }

    @Test
    void saysWhichPeersAreReadWithOldCredentials() {
        peers.holding("west", B).notRenewed("west", "credentials refused (401)");
        var remark =
                new Remark.NotRenewed(
                        new TreeMap<>(
                                Map.of(new ClusterName("west"), "credentials refused (401)")));

        assertThat(judge(new Change.Created(B)).remarks()).containsExactly(remark);
        assertThat(judge(new Change.Deleted(B)).remarks()).isEmpty();
    }

    private static Optional<Grounds> grounds(Judgement judgement) {
        return judgement.verdict() instanceof Refused(_, var grounds)
                ? Optional.of(grounds)
                : Optional.empty();
    }

    private Judgement judge(Change change) {
        return referee(Severity.WARN).judge(by("jane", change), SOON);
    }

    private static RequestedChange by(String user, Change change, String... groups) {
        return new RequestedChange(change, user, Set.of(groups));
    }

    private Referee referee(Severity unknown) {
        return referee(Level.DENY, unknown);
    }

    private Referee referee(Level level, Severity unknown) {
        return new Referee(
                peers,
                Histories.NONE,
                new Scope(namespaces, Set.of("kube-system")),
                new Enforcement(level, unknown, Set.of("lockstep:override")));
    }

    private static List<Finding> findings(Judgement judgement) {
        return judgement.verdict().findings().stream().map(Weighed::finding).toList();
    }
}
