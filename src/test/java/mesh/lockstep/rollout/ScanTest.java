package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.Namespaces.Namespace;
import mesh.lockstep.rollout.Objection.ByCilium;
import mesh.lockstep.support.FakeHoldings;
import mesh.lockstep.support.FakeNamespaces;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScanTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Version A = Policies.withPort(1).version();
    private static final Version B = Policies.withPort(2).version();
    private static final PolicyKey KEY = Policies.KEY;

    private final FakeHoldings holdings = new FakeHoldings("cluster2", "cluster3");
    private final FakeNamespaces namespaces = new FakeNamespaces();
    private final List<State> told = new ArrayList<>();
    private final Conditions conditions =
            new Conditions(new Timeline(InstantSource.fixed(START), () -> 0));
    private final Scan scan =
            new Scan(
                    holdings,
                    new Scope(namespaces, Set.of("kube-system")),
                    new DriftRules(FakeHoldings.HERE, Duration.ofMinutes(30)),
                    Histories.NONE,
                    conditions);

    @BeforeEach
    void listen() {
        conditions.begin(
                List.of(), List.of((_, after) -> after.map(Condition::state).ifPresent(told::add)));
    }

    @Test
    void seesEachPolicyThatAnyMemberHas() {
        holdings.holding("cluster1", key("a"), A).holding("cluster3", key("b"), A);

        scan.judgeAll(START);

        assertThat(conditions.all())
                .extracting(it -> it.key().name())
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void judgesARolloutAgainWhenItsTimeIsOverThoughNothingHappens() {
        everywhere(A);
        holdings.holding("cluster3", KEY, B);
        scan.judge(KEY, START);
        scan.judgeDue(START.plusSeconds(2));
        scan.judgeDue(START.plusSeconds(1799));
        assertThat(state()).contains(State.ROLLING_OUT);

        scan.judgeDue(START.plusSeconds(1800));

        assertThat(state()).contains(State.DIVERGED);
        assertThat(told).containsExactly(State.ROLLING_OUT, State.DIVERGED);
    }

    @Test
    void tellsNothingWhereNothingIsNew() {
        everywhere(A);
        scan.judge(KEY, START);
        scan.judgeAll(START.plusSeconds(1));
        scan.judge(KEY, START.plusSeconds(2));

        assertThat(told).containsExactly(State.IN_SYNC);
    }

    @Test
    void knowsWhichMembersDoNotEnforceThePolicy() {
        everywhere(A);
        scan.judge(KEY, START);
        var invalid = new ByCilium("no");
        holdings.objecting("cluster1", KEY, invalid).objecting("cluster3", KEY, invalid);

        scan.judge(KEY, START);

        assertThat(objected()).containsExactly("cluster1", "cluster3");
        // It is another question than whether they have the same.
        assertThat(state()).contains(State.IN_SYNC);
        assertThat(told).hasSize(2);
    }

    @Test
    void copiesOfTheirOwnAreTheOtherMembersAffair() {
        everywhere(A);
        namespaces.with("default", new Namespace(false, false, Optional.empty()));
        var invalid = new ByCilium("no");
        holdings.objecting("cluster1", KEY, invalid).objecting("cluster3", KEY, invalid);

        scan.judge(KEY, START);

        assertThat(objected()).containsExactly("cluster1");
    }

    private List<String> objected() {
        return conditions.find(KEY).orElseThrow().objections().keySet().stream()
                .map(ClusterName::value)
                .toList();
    }

    @Test
    void forgetsWhatIsNowhereAnyMore() {
        everywhere(A);
        scan.judgeAll(START);
        List.of("cluster1", "cluster2", "cluster3").forEach(it -> holdings.lacking(it, KEY));

        scan.judgeAll(START.plusSeconds(1));

        assertThat(conditions.all()).isEmpty();
    }

    /// An empty folder of peers, or one that cannot be read at the start, is not agreement.
    @Test
    void keepsWhatIsKnownToDifferWhileThereIsNobodyToCompareWith() {
        everywhere(A);
        holdings.holding("cluster3", KEY, B);
        scan.judge(KEY, START);

        holdings.withoutPeers();
        scan.judgeAll(START.plusSeconds(10));

        assertThat(state()).contains(State.UNKNOWN);
        assertThat(conditions.find(KEY).flatMap(Condition::firstSeen)).contains(START);
        holdings.withPeers("cluster2", "cluster3");
        everywhere(A);
        holdings.holding("cluster3", KEY, B);
        scan.judgeAll(START.plusSeconds(20));
        assertThat(conditions.find(KEY).flatMap(Condition::firstSeen)).contains(START);
    }

    @Test
    void isNotInSyncWithNobody() {
        holdings.withoutPeers();
        holdings.holding("cluster1", KEY, A);

        scan.judgeAll(START);

        assertThat(state()).contains(State.UNKNOWN);
        assertThat(conditions.find(KEY).flatMap(Condition::firstSeen)).isEmpty();
        holdings.lacking("cluster1", KEY);
        scan.judgeAll(START.plusSeconds(1));
        assertThat(state()).isEmpty();
    }

    /// Like all peers whose kubeconfig does not work, from the start.
    @Test
    void keepsWhatIsKnownToDifferWhileNoPeerCanBeUsed() {
        everywhere(A);
        holdings.holding("cluster3", KEY, B);
        scan.judge(KEY, START);

        holdings.unreachable("cluster2", "kubeconfig refused");
        holdings.unreachable("cluster3", "kubeconfig refused");
        scan.judgeAll(START.plusSeconds(10));

        assertThat(state()).contains(State.UNKNOWN);
        assertThat(conditions.find(KEY).flatMap(Condition::firstSeen)).isPresent();
    }

    @Test
    void exemptsWhatIsNeverJudged() {
        namespaces.with("private", new Namespace(false, false, Optional.empty()));
        var system = new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "kube-system", "a");
        var unshared = new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "private", "a");
        holdings.holding("cluster1", system, A).holding("cluster1", unshared, A);

        scan.judgeAll(START);

        assertThat(conditions.all()).extracting(Condition::state).containsOnly(State.EXEMPT);
    }

    /// Cilium enforces it until it is gone, which a finalizer may put off for days.
    @Test
    void judgesWhatIsInANamespaceThatIsBeingDeleted() {
        namespaces.with("default", new Namespace(true, true, Optional.empty()));
        everywhere(A);
        holdings.holding("cluster3", KEY, B);

        scan.judge(KEY, START);

        assertThat(state()).contains(State.ROLLING_OUT);
    }

    private void everywhere(Version version) {
        List.of("cluster1", "cluster2", "cluster3")
                .forEach(it -> holdings.holding(it, KEY, version));
    }

    private Optional<State> state() {
        return conditions.find(KEY).map(Condition::state);
    }

    private static PolicyKey key(String name) {
        return new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", name);
    }
}
