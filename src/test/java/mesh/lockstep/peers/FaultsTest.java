package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Enforcement;
import mesh.lockstep.rollout.Finding;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.Judgement;
import mesh.lockstep.rollout.Level;
import mesh.lockstep.rollout.Namespaces.Namespace;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Referee;
import mesh.lockstep.rollout.RequestedChange;
import mesh.lockstep.rollout.Scope;
import mesh.lockstep.rollout.Severity;
import mesh.lockstep.rollout.Verdict.Admitted;
import mesh.lockstep.rollout.Verdict.Grounds.Deferred;
import mesh.lockstep.rollout.Verdict.Grounds.Witness;
import mesh.lockstep.rollout.Verdict.Refused;
import mesh.lockstep.rollout.Verdict.Weighed;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// Every fault, at one peer, at half of them and at all: no refusal is wrong, no conflict is
/// admitted that could have been noticed, every peer that was not consulted is named, every answer
/// comes in time, and when the fault is over all is as before, without a restart.
@Tag("slow")
class FaultsTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final int MEMBERS = 4;
    private static final int AT_ONCE = 8;
    private static final Duration ASKING = Duration.ofMillis(1_500);

    /// What an API server waits, less than it asks for.
    private static final Duration ANSWERING = Duration.ofSeconds(3);

    private static final Set<String> LATE =
            Set.of(
                    "timed out waiting for an answer",
                    "connection timed out",
                    "not asked: it did not answer the last requests");

    private static final Duration SOON = Duration.ofSeconds(40);

    private static final PolicyKey KEY = new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", "a");
    private static final PolicyKey NOBODYS =
            new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", "new");

    /// Quick to find out: stale after four seconds, all listed again every one or two.
    private static final Pace PACE =
            new Pace(
                    Duration.ofSeconds(4),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(10),
                    Duration.ofSeconds(1));

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @TestFactory
    Stream<DynamicTest> faults() {
        var turns = new Semaphore(AT_ONCE);
        return Arrays.stream(Fault.values())
                .flatMap(fault -> Stream.of(1, MEMBERS / 2, MEMBERS).map(n -> new Case(fault, n)))
                .map(
                        it -> {
                            var run = started(it, turns);
                            return dynamicTest(it.toString(), run::join);
                        })
                .toList()
                .stream();
    }

    private static CompletableFuture<Void> started(Case it, Semaphore turns) {
        return CompletableFuture.runAsync(
                () -> {
                    turns.acquireUninterruptibly();
                    try {
                        it.run();
                    } finally {
                        turns.release();
                    }
                },
                task -> Thread.ofVirtual().name(it.toString()).start(task));
    }

    private record Case(Fault fault, int number) {

        @Override
        public String toString() {
            return fault.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + " at "
                    + number
                    + " of "
                    + MEMBERS;
        }

        void run() {
            var members = StubMesh.members(MEMBERS);
            members.forEach(it -> it.policies().put(Fault.PLURAL, Fault.KEY, Fault.ONE));
            var faulty = members.subList(0, number);
            faulty.forEach(fault::before);
            try (var mesh = new StubMesh(VERTX, PACE, members)) {
                new Trial(fault, mesh, faulty).run();
            }
        }
    }

    private record Trial(Fault fault, StubMesh mesh, List<StubMember> faulty) {

        void run() {
            await().atMost(SOON).until(this::haveCome);
            faulty.forEach(fault::begin);
            try {
                await().atMost(SOON)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(200))
                        .until(
                                () -> {
                                    judgeAll();
                                    return faulty.stream().allMatch(this::hasShown);
                                });
                if (faulty.size() < MEMBERS) {
                    // The healthy ones are enough.
                    await().atMost(SOON).until(this::isRefused);
                }
            } finally {
                faulty.forEach(fault::end);
            }
            await().atMost(SOON)
                    .until(
                            () -> {
                                judgeAll();
                                return mesh.areUp() && faulty.stream().allMatch(this::isFollowed);
                            });
            await().atMost(SOON).until(this::isRefused);
            await().atMost(SOON)
                    .until(() -> unknown(judge(NOBODYS, Fault.TWO, Level.DENY)).isEmpty());
        }

        private boolean haveCome() {
            var statuses = mesh.peers().statuses();
            return statuses.size() == MEMBERS
                    && statuses.stream()
                            .filter(it -> !fault.isThereFromTheStart() || !isFaulty(it.peer()))
                            .allMatch(PeerStatus::up);
        }

        private boolean isFaulty(ClusterName name) {
            return faulty.contains(member(name));
        }

        private boolean hasShown(StubMember member) {
            return fault.leavesInDoubt()
                    ? recalled(member) instanceof PeerView.Unknown
                    : isFollowed(member);
        }

        private boolean isFollowed(StubMember member) {
            return recalled(member) instanceof PeerView.Holds(_, var version, _)
                    && version.equals(policy(KEY, truth(member)).version());
        }

        private PeerView recalled(StubMember member) {
            return mesh.peers().recall(KEY).stream()
                    .filter(it -> it.peer().equals(member.name()))
                    .findFirst()
                    .orElse(new PeerView.Unknown(member.name(), "not there yet"));
        }

        private String truth(StubMember member) {
            return fault.changesThePolicy() && faulty.contains(member) ? Fault.THREE : Fault.ONE;
        }

        private void judgeAll() {
            conflictsAreRefusedOrSaidToBeUnknown();
            whatSomebodyHoldsIsNeverRefused();
            whatNobodyHoldsIsNeverRefusedAndTheUnknownAreNamed();
            nothingIsRefusedAtLevelWarn();
        }

        private void conflictsAreRefusedOrSaidToBeUnknown() {
            var judgement = judge(KEY, Fault.TWO, Level.DENY);
            switch (judgement.verdict()) {
                case Refused(_, Witness witness) ->
                        assertThat(witness.theirs().version())
                                .isEqualTo(policy(KEY, truth(member(witness.peer()))).version());
                // A moment later it is known whether anybody is there.
                case Refused(_, Deferred _) -> {}
                default -> {
                    assertThat(judgement.verdict()).isInstanceOf(Admitted.class);
                    assertThat(unknown(judgement)).as("%s", judgement).hasSize(MEMBERS);
                    assertThat(healthyAndNotLate(judgement)).isEmpty();
                }
            }
        }

        /// On a busy machine even a healthy peer may need longer than it has.
        private List<Finding> healthyAndNotLate(Judgement judgement) {
            return judgement.verdict().findings().stream()
                    .map(Weighed::finding)
                    .filter(it -> !isFaulty(it.peer()))
                    .filter(it -> !(it instanceof Unknown(_, var cause) && isLate(cause)))
                    .toList();
        }

        private static boolean isLate(String cause) {
            return LATE.contains(cause) || cause.startsWith("not heard from for ");
        }

        private boolean isRefused() {
            return judge(KEY, Fault.TWO, Level.DENY).verdict() instanceof Refused(_, Witness _);
        }

        private void whatSomebodyHoldsIsNeverRefused() {
            if (!fault.changesThePolicy() || faulty.size() < MEMBERS) {
                assertThat(judge(KEY, Fault.ONE, Level.DENY).verdict())
                        .isInstanceOf(Admitted.class);
            }
        }

        private void whatNobodyHoldsIsNeverRefusedAndTheUnknownAreNamed() {
            var before = inDoubt();
            var judgement = judge(NOBODYS, Fault.TWO, Level.DENY);
            var after = inDoubt();

            assertThat(judgement.verdict()).isInstanceOf(Admitted.class);
            assertThat(judgement.asked()).isFalse();
            if (before.equals(after) && mesh.peers().statuses().size() == MEMBERS) {
                assertThat(unknown(judgement)).isEqualTo(after);
            }
        }

        private void nothingIsRefusedAtLevelWarn() {
            var judgement = judge(KEY, Fault.TWO, Level.WARN);

            assertThat(judgement.verdict()).isInstanceOf(Admitted.class);
            assertThat(judgement.asked()).isFalse();
            assertThat(judgement.verdict().findings())
                    .hasSize(mesh.peers().statuses().size())
                    .allMatch(it -> it.severity() == Severity.WARN);
        }

        private Set<ClusterName> inDoubt() {
            return mesh.peers().recall(NOBODYS).stream()
                    .filter(PeerView.Unknown.class::isInstance)
                    .map(PeerView::peer)
                    .collect(Collectors.toSet());
        }

        private Judgement judge(PolicyKey key, String spec, Level level) {
            var scope = new Scope(_ -> Namespace.ORDINARY, Set.of());
            var referee =
                    new Referee(
                            mesh.peers(),
                            Histories.NONE,
                            scope,
                            new Enforcement(level, Severity.WARN, Set.of()));
            var requested =
                    new RequestedChange(new Change.Created(policy(key, spec)), "jane", Set.of());
            var begun = System.nanoTime();
            var judgement = referee.judge(requested, Deadline.in(ASKING));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ANSWERING);
            return judgement;
        }

        private StubMember member(ClusterName name) {
            return mesh.members().stream()
                    .filter(it -> it.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Set<ClusterName> unknown(Judgement judgement) {
        return judgement.verdict().findings().stream()
                .map(Weighed::finding)
                .flatMap(it -> unknown(it).stream())
                .map(
                        it -> {
                            assertThat(it.cause()).isNotBlank();
                            return it.peer();
                        })
                .collect(Collectors.toSet());
    }

    private static Optional<Unknown> unknown(Finding finding) {
        return finding instanceof Unknown unknown ? Optional.of(unknown) : Optional.empty();
    }

    private static Policy policy(PolicyKey key, String spec) {
        return Policies.read(key, Yaml.read("{spec: " + spec + "}"));
    }
}
