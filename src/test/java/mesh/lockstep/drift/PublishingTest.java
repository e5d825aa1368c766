package mesh.lockstep.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.apiserver.FakeApi;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Rejection;
import mesh.lockstep.policy.reading.Cilium;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Conditions;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.DriftRules;
import mesh.lockstep.rollout.Objection;
import mesh.lockstep.rollout.Objection.ByCilium;
import mesh.lockstep.rollout.Objection.ByReading;
import mesh.lockstep.rollout.Relation;
import mesh.lockstep.rollout.State;
import mesh.lockstep.rollout.Timeline;
import mesh.lockstep.vigil.Heartbeat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written about drift, and what is believed of it when it is read back, with an API server
/// in memory and a clock that the test turns.
class PublishingTest {

    private static final Instant START = Instant.parse("2026-05-01T12:00:00Z");
    private static final Heartbeat BEAT = () -> {};
    private static final String REPORTS = ".*/reports/.*";
    private static final ClusterName WEST = new ClusterName("west");
    private static final ClusterName LIAR = new ClusterName("liar");
    private static final PolicyKey KEY = key("web");

    private final FakeApi api = new FakeApi();
    private final Set<PolicyKey> going = new HashSet<>();
    private Instant now = START;
    private final Conditions conditions =
            new Conditions(new Timeline(() -> now, () -> Duration.between(START, now).toNanos()));
    private Publishing publishing = publishing();

    private Publishing publishing() {
        return publishing(new Discretion(true));
    }

    private Publishing publishing(Discretion discretion) {
        return new Publishing(
                api,
                "replica",
                conditions,
                () -> Departures.NONE,
                going::contains,
                () -> now,
                () -> now,
                discretion);
    }

    @BeforeEach
    void findOutWhichReportsThereAre() throws InterruptedException {
        assertThat(publishing.remembered(BEAT)).isEmpty();
    }

    @Tag("slow")
    @Test
    void aPeerThatClaimsThousandsHasAThousandReportsAndTheRestAreCounted()
            throws InterruptedException {
        claim(20_000);

        pass(Duration.ofSeconds(200));

        assertThat(api.objects(REPORTS)).hasSize(1_000);
        assertThat(summary())
                .containsExactly(
                        "19000 more policies differ from liar, or are not enforced there, than have reports of their own:"
                                + " default/claimed-11000, default/claimed-11001, default/claimed-11002,"
                                + " default/claimed-11003, default/claimed-11004 and others;"
                                + " /mesh/policies lists all");
    }

    @Test
    void writesNoMoreThanTheAllowancePerSecond() throws InterruptedException {
        claim(20_000);
        pass(DriftRules.SETTLING);

        for (int second = 1; second <= 20; second++) {
            int before = api.writes();
            pass(Duration.ofSeconds(1));
            assertThat(api.writes() - before).isLessThanOrEqualTo(second == 1 ? 111 : 11);
        }
    }

    @Test
    void whatDiffersFromAnotherPeerDoesNotWaitBehindThem() throws InterruptedException {
        claim(20_000);
        pass(Duration.ofSeconds(10));
        judge(condition(KEY, State.DIVERGED, WEST, LIAR));

        pass(DriftRules.SETTLING.plusSeconds(1));

        assertThat(api.objects(".*/reports/lockstep-web")).hasSize(1);
    }

    @Tag("slow")
    @Test
    void onceAllIsReportedNothingIsAskedAnyMore() throws InterruptedException {
        claim(20_000);
        pass(Duration.ofSeconds(200));

        int reads = api.reads();
        pass(Duration.ofSeconds(60));

        assertThat(api.reads() - reads).isLessThan(10);
    }

    @Test
    void theRestHaveReportsWhenThereIsRoom() throws InterruptedException {
        claim(1_001);
        pass(Duration.ofMinutes(2));
        assertThat(summary()).hasSize(1);

        agree(key("claimed-10500"));
        pass(Duration.ofSeconds(30));

        assertThat(api.objects(REPORTS)).hasSize(1_000);
        assertThat(summary()).isEmpty();
    }

    @Tag("slow")
    @Test
    void theyAreTakenAwayAtTheSameRate() throws InterruptedException {
        claim(20_000);
        pass(Duration.ofSeconds(200));
        List.copyOf(conditions.all()).forEach(it -> agree(it.key()));
        int before = api.writes();

        pass(Duration.ofSeconds(20));
        assertThat(api.writes() - before).isLessThan(350);
        pass(Duration.ofSeconds(200));

        assertThat(api.objects(REPORTS)).isEmpty();
        assertThat(summary()).isEmpty();
    }

    /// They hear of policies in different orders, so that each has begun with others.
    @Test
    void replicasDoNotTakeEachOthersReportsAway() throws InterruptedException {
        var other = publishing();
        other.remembered(BEAT);
        var some = claims(0, 1_000);
        var others = claims(1_000, 2_000);
        some.forEach(it -> publishing.judged(Optional.empty(), Optional.of(it)));
        others.forEach(it -> other.judged(Optional.empty(), Optional.of(it)));
        pass(Duration.ofSeconds(1), publishing, other);
        others.forEach(it -> publishing.judged(Optional.empty(), Optional.of(it)));
        some.forEach(it -> other.judged(Optional.empty(), Optional.of(it)));
        review(publishing, other);

        int writes = api.writes();
        review(publishing, other);

        assertThat(api.objects(REPORTS)).hasSize(2_000);
        assertThat(api.writes()).isEqualTo(writes);
    }

    private void review(Publishing... replicas) throws InterruptedException {
        pass(Duration.ofMinutes(5), replicas);
        List.of(replicas).forEach(Publishing::review);
        pass(Duration.ofMinutes(5), replicas);
    }

    @Test
    void whatDiffersAlreadyIsReportedWhenAKindIsInstalledLater() throws InterruptedException {
        api.serveReports(false);
        publishing.remembered(BEAT);
        judge(condition(KEY, State.DIVERGED, WEST));
        pass(Duration.ofSeconds(20));
        assertThat(api.objects(REPORTS)).isEmpty();

        api.serveReports(true);
        review(publishing);

        assertThat(api.objects(REPORTS)).hasSize(1);
    }

    @Test
    void aKindThatIsNotServedYetIsAskedForSoonAgain() throws InterruptedException {
        api.serveReports(false);
        publishing.remembered(BEAT);
        judge(condition(KEY, State.DIVERGED, WEST));
        pass(Duration.ofSeconds(20));

        api.serveReports(true);
        api.busy(1);
        publishing.review();
        pass(Duration.ofSeconds(5));
        assertThat(api.objects(REPORTS)).isEmpty();
        pass(Duration.ofSeconds(10));

        assertThat(api.objects(REPORTS)).hasSize(1);
    }

    @Test
    void aReportThatSomebodyDeletesComesBack() throws InterruptedException {
        judge(condition(KEY, State.DIVERGED, WEST));
        pass(Duration.ofSeconds(20));
        api.delete("/apis/openreports.io/v1alpha1/namespaces/default/reports/lockstep-web");
        assertThat(api.objects(REPORTS)).isEmpty();

        review(publishing);

        assertThat(api.objects(REPORTS)).hasSize(1);
    }

    /// A clock that was set back does not come round for an hour.
    @Test
    void whatIsToBeWrittenDoesNotWaitForTheClock() {
        var allowance = new WriteAllowance(1, 1);
        assertThat(allowance.take(START)).isTrue();
        assertThat(allowance.take(START.minusSeconds(3600))).isFalse();

        assertThat(allowance.take(START.minusSeconds(3598))).isTrue();
    }

    @Test
    void nothingIsMadeInANamespaceThatIsBeingDeleted() throws InterruptedException {
        going.add(KEY);
        judge(condition(KEY, State.DIVERGED, WEST));

        pass(Duration.ofSeconds(20));

        assertThat(api.writes()).isZero();
    }

    @Test
    void aNameThatNoObjectMayHaveIsTriedOnce() throws InterruptedException {
        judge(condition(key("NotAName"), State.MISSING_HERE, LIAR));

        pass(Duration.ofSeconds(60));

        assertThat(api.writes()).isEqualTo(1);
    }

    @Test
    void timesOutliveARestart() throws InterruptedException {
        judge(condition(KEY, State.DIVERGED, WEST));
        pass(Duration.ofSeconds(10));

        assertThat(publishing().remembered(BEAT))
                .singleElement()
                .satisfies(it -> assertThat(it.key()).isEqualTo(KEY))
                .satisfies(it -> assertThat(it.firstSeen()).contains(START));
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                7_258_118_400L, // the year 2200
                -1,
                0,
            })
    void anImpossibleTimeIsIgnoredAndAffectsNoOther(long seconds) throws InterruptedException {
        var other = key("other");
        judge(condition(KEY, State.DIVERGED, WEST));
        judge(condition(other, State.DIVERGED, WEST));
        pass(Duration.ofSeconds(10));
        ((ObjectNode) report(KEY).at("/results/0/timestamp")).put("seconds", seconds);

        var firstSeen =
                publishing().remembered(BEAT).stream()
                        .collect(Collectors.toMap(Condition::key, Condition::firstSeen));

        assertThat(firstSeen)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(KEY, Optional.empty(), other, Optional.of(START)));
    }

    @ParameterizedTest
    @CsvSource({
        "/metadata, name, lockstep-other",
        "/metadata, namespace, theirs",
        "/scope, namespace, theirs",
        "/scope, name, other",
        "/scope, kind, Pod",
        "/metadata/managedFields/0, manager, kubectl",
        "/metadata/managedFields/0, operation, Update",
    })
    void whatOnlyLooksLikeOursIsNotTakenOver(String at, String field, String value)
            throws InterruptedException {
        judge(condition(KEY, State.DIVERGED, WEST));
        pass(Duration.ofSeconds(10));
        ((ObjectNode) report(KEY).at(at)).put(field, value);

        assertThat(publishing().remembered(BEAT)).isEmpty();
    }

    /// Some 100 bytes for each result, of which only members' are of use.
    @Tag("slow")
    @Test
    void reportsOfThousandsOfResultsCostNoMemory() throws InterruptedException {
        judge(condition(KEY, State.DIVERGED, WEST));
        pass(Duration.ofSeconds(10));
        var results = (ArrayNode) report(KEY).path("results");
        for (int i = 0; i < 5_000; i++) {
            var result = results.get(0).deepCopy();
            ((ObjectNode) result.path("properties")).put("peer", "peer-" + i);
            results.add(result);
        }
        for (int i = 0; i < 1_000; i++) {
            var copy = ((ObjectNode) report(KEY)).objectNode();
            report(KEY).properties().forEach(it -> copy.set(it.getKey(), it.getValue()));
            copy.set("metadata", report(KEY).path("metadata").deepCopy());
            copy.set("scope", report(KEY).path("scope").deepCopy());
            var name = "lockstep-copy-" + i;
            ((ObjectNode) copy.path("metadata")).put("name", name);
            ((ObjectNode) copy.path("scope")).put("name", "copy-" + i);
            api.with("/apis/openreports.io/v1alpha1/namespaces/default/reports/" + name, copy);
        }

        var remembered = publishing().remembered(BEAT);

        assertThat(remembered.stream().mapToInt(it -> it.relations().size()).sum())
                .isBetween(100_000, 101_000);
    }

    @Test
    void whoKeepsUsFromReadingReportsDoesNotKeepUsFromJudging() throws InterruptedException {
        api.failing(() -> now = now.plusSeconds(30));

        assertThat(publishing().remembered(BEAT)).isEmpty();
    }

    @Test
    void reportsWhatIsInSyncAndNotEnforced() throws InterruptedException {
        judge(objected(State.IN_SYNC));
        pass(Duration.ofSeconds(10));

        assertThat(messages(report(KEY)))
                .containsExactly(
                        "same-in-every-member west pass: the same as in west",
                        "enforced-by-cilium east fail: Cilium %s will not enforce it in east: ingress[0]: unknown entity moon"
                                .formatted(Cilium.VERSION),
                        "enforced-by-cilium east fail: east's Cilium calls it invalid: no such entity");
        assertThat(report(KEY).at("/summary/fail").asInt()).isEqualTo(2);
        int writes = api.writes();
        publishing.review();
        pass(Duration.ofSeconds(20));
        assertThat(api.writes()).isEqualTo(writes);
        // It has no times to be remembered.
        assertThat(publishing().remembered(BEAT))
                .allMatch(it -> it.firstSeen().isEmpty() && it.objections().isEmpty());

        judge(condition(KEY, State.IN_SYNC));
        pass(Duration.ofSeconds(10));
        assertThat(api.objects(REPORTS)).isEmpty();
    }

    @Test
    void reportsOnlyWhereAPolicyIsNotEnforcedIfNothingIsDisclosed() throws InterruptedException {
        publishing = publishing(new Discretion(false));
        publishing.remembered(BEAT);
        judge(objected(State.DIVERGED));
        pass(Duration.ofSeconds(10));

        assertThat(messages(report(KEY)))
                .endsWith(
                        "enforced-by-cilium east fail: Cilium %s will not enforce it in east: ingress[0]"
                                .formatted(Cilium.VERSION),
                        "enforced-by-cilium east fail: east's Cilium calls it invalid");
    }

    /// A member that says so of thousands takes its own share of reports, and nobody else's.
    @Test
    void reportsAThousandThatOneMemberDoesNotEnforce() throws InterruptedException {
        for (int i = 10_000; i < 11_500; i++) {
            judge(objected(key("claimed-" + i), State.IN_SYNC));
        }
        judge(condition(KEY, State.DIVERGED, WEST));

        pass(Duration.ofSeconds(200));

        assertThat(api.objects(REPORTS)).hasSize(1_001);
        assertThat(summary())
                .singleElement()
                .asString()
                .startsWith("500 more policies differ from east, or are not enforced there, than");
    }

    private static Condition objected(State state) {
        return objected(KEY, state);
    }

    private static Condition objected(PolicyKey key, State state) {
        var differs = state == State.DIVERGED ? Optional.of(START) : Optional.<Instant>empty();
        var relations = new TreeMap<>(Map.of(WEST, new Relation(state, differs, "")));
        var objections =
                List.<Objection>of(
                        new ByReading(new Rejection("ingress[0]", "unknown entity moon")),
                        new ByCilium("no such entity"));
        return new Condition(
                key,
                state,
                Optional.empty(),
                relations,
                Optional.empty(),
                new TreeMap<>(Map.of(new ClusterName("east"), objections)));
    }

    private static List<String> messages(JsonNode report) {
        return report.path("results")
                .valueStream()
                .map(
                        it ->
                                "%s %s %s: %s"
                                        .formatted(
                                                it.path("policy").asText(),
                                                it.path("rule").asText(),
                                                it.path("result").asText(),
                                                it.path("message").asText()))
                .toList();
    }

    /// This much time goes by, in which the publisher looks twice a second.
    private void pass(Duration time) throws InterruptedException {
        pass(time, publishing);
    }

    private void pass(Duration time, Publishing... replicas) throws InterruptedException {
        for (var end = now.plus(time); now.isBefore(end); now = now.plusMillis(500)) {
            for (var replica : replicas) {
                replica.work(BEAT);
            }
        }
    }

    private void claim(int policies) {
        claims(0, policies).forEach(this::judge);
    }

    private List<Condition> claims(int from, int to) {
        var claims =
                IntStream.range(10_000 + from, 10_000 + to)
                        .mapToObj(it -> condition(key("claimed-" + it), State.MISSING_HERE, LIAR))
                        .toList();
        claims.forEach(it -> conditions.put(it.key(), Optional.of(it)));
        return claims;
    }

    private void judge(Condition condition) {
        var before = conditions.find(condition.key());
        conditions.put(condition.key(), Optional.of(condition));
        publishing.judged(before, Optional.of(condition));
    }

    private void agree(PolicyKey key) {
        var before = conditions.find(key);
        conditions.put(key, Optional.empty());
        publishing.judged(before, Optional.empty());
    }

    private static Condition condition(PolicyKey key, State state, ClusterName... peers) {
        var relations = new TreeMap<ClusterName, Relation>();
        for (var peer : peers) {
            relations.put(peer, new Relation(state, Optional.of(START), ""));
        }
        return Condition.of(key, Optional.empty(), relations);
    }

    private JsonNode report(PolicyKey key) {
        return api.objects(".*/reports/lockstep-" + key.name()).findFirst().orElseThrow();
    }

    private List<String> summary() {
        return api.objects(".*/clusterreports/lockstep")
                .flatMap(it -> it.path("results").valueStream())
                .map(it -> it.path("message").asText())
                .toList();
    }

    private static PolicyKey key(String name) {
        return new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", name);
    }
}
