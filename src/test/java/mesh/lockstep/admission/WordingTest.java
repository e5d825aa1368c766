package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import mesh.lockstep.difference.Difference;
import mesh.lockstep.difference.Difference.Changed;
import mesh.lockstep.difference.Differences;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Finding;
import mesh.lockstep.rollout.Finding.Detached;
import mesh.lockstep.rollout.Finding.Differs;
import mesh.lockstep.rollout.Finding.Missing;
import mesh.lockstep.rollout.Finding.Newer;
import mesh.lockstep.rollout.Finding.Older;
import mesh.lockstep.rollout.Finding.Previous;
import mesh.lockstep.rollout.Finding.StillHeld;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.Judgement;
import mesh.lockstep.rollout.Remark;
import mesh.lockstep.rollout.Severity;
import mesh.lockstep.rollout.Verdict.Admitted;
import mesh.lockstep.rollout.Verdict.Grounds.Witness;
import mesh.lockstep.rollout.Verdict.Refused;
import mesh.lockstep.rollout.Verdict.Weighed;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The limits; the sentences themselves are in the scenarios.
class WordingTest {

    private static final PolicyKey LONG_NAME =
            new PolicyKey(PolicyKey.Kind.CILIUM_NETWORK_POLICY, "n".repeat(63), "p".repeat(253));

    private final Wording wording = new Wording(Disclosure.VALUES);
    private final Warnings warnings = new Warnings(wording);

    @Test
    void staysWithinTheApiServersLimitsForTheLargestMesh() {
        var findings = new ArrayList<Weighed>();
        for (int i = 0; i < 510; i++) {
            findings.add(new Weighed(finding(i), Severity.WARN));
        }

        var lines = warnings.of(LONG_NAME, judgement(findings));

        assertThat(lines).hasSize(8).allSatisfy(it -> assertThat(it).hasSizeLessThan(257));
        assertThat(lines).noneMatch(it -> it.contains("\n"));
    }

    @Test
    void namesFiveMembersAndCountsTheRest() {
        var findings =
                IntStream.range(0, 12)
                        .mapToObj(i -> new Weighed(new Missing(cluster(i)), Severity.WARN))
                        .toList();

        assertThat(warnings.of(Policies.KEY, judgement(findings)))
                .containsExactly(
                        "default/allow-api: 12 members do not have it: cluster100, cluster101,"
                                + " cluster102, cluster103, cluster104 and 7 more [Missing]");
    }

    @Test
    void namesThreePeersThatAreReadWithOldCredentialsAndCountsTheRest() {
        var causes = new TreeMap<ClusterName, String>();
        for (int i = 0; i < 5; i++) {
            causes.put(cluster(i), "credentials refused (401)");
        }
        var judgement =
                new Judgement(
                        new Admitted(List.of()), List.of(new Remark.NotRenewed(causes)), false);

        assertThat(warnings.of(Policies.KEY, judgement))
                .containsExactly(
                        "default/allow-api: still read with the old credentials, because the new ones"
                                + " do not work: cluster100 (credentials refused (401)), cluster101"
                                + " (credentials refused (401)), cluster102 (credentials refused"
                                + " (401)) and 2 more");
    }

    @Test
    void keepsAMessageBelowTwoKilobytes() {
        var differences =
                IntStream.range(0, 50)
                        .mapToObj(
                                i ->
                                        (Difference)
                                                new Changed(
                                                        "ingress[" + i + "]." + "x".repeat(300),
                                                        "h".repeat(500),
                                                        "t".repeat(500)))
                        .toList();

        var message = wording.refusal(creation(), refused(differences));

        assertThat(message).hasSizeLessThan(2001);
        assertThat(message.lines().findFirst().orElseThrow()).hasSizeLessThan(151);
        assertThat(message.lines().skip(message.lines().count() - 3))
                .satisfiesExactly(
                        it -> assertThat(it).startsWith("Read from cluster101 just now."),
                        it -> assertThat(it).startsWith("To keep theirs, "),
                        it -> assertThat(it).startsWith("To replace it, set "));
    }

    @Test
    void showsTenDifferencesAndCountsTheRest() {
        var differences =
                IntStream.range(0, 17)
                        .mapToObj(i -> (Difference) new Changed("ingress[" + i + "]", "a", "b"))
                        .toList();

        var lines = wording.refusal(creation(), refused(differences)).lines().toList();

        assertThat(lines).hasSize(15);
        assertThat(lines.get(10)).isEqualTo("  ingress[9]   here: a   cluster101: b");
        assertThat(lines.get(11)).isEqualTo("  and 7 more");
    }

    @Test
    void saysWhereItIsTooMuchToSay() {
        var some = refused(new Differences(List.of(new Changed("ingress[0]", "a", "b")), 0, false));
        var none = refused(Differences.TOO_LARGE);

        assertThat(wording.refusal(creation(), some).lines())
                .containsSequence(
                        "  ingress[0]   here: a   cluster101: b",
                        "  and in many more places: too large to show all");
        assertThat(wording.refusal(creation(), none).lines())
                .containsSequence(
                        "CiliumNetworkPolicy default/allow-api would differ from cluster101 [Differs].",
                        "  (too large to show where)",
                        "Read from cluster101 just now.");
        assertThat(warnings.of(Policies.KEY, new Judgement(some, List.of(), true)))
                .first()
                .isEqualTo(
                        "cluster101: default/allow-api differs in many places, among them: ingress[0]");
        assertThat(warnings.of(Policies.KEY, new Judgement(none, List.of(), true)))
                .first()
                .isEqualTo("cluster101: default/allow-api differs and is too large to show where");
    }

    @Test
    void disclosesNoValueWhereOnlyPathsAreAllowed() {
        var refused = refused(List.of(new Changed("ingress[0].port", "80", "8080")));
        var quiet = new Wording(Disclosure.PATHS);

        var message = quiet.refusal(creation(), refused);

        assertThat(message).contains("ingress[0].port").doesNotContain("80");
        assertThat(
                        quiet.cause(
                                (Witness) refused.grounds(),
                                new Changed("ingress[0].port", "80", "8080")))
                .isEqualTo("differs from cluster101");
    }

    @Test
    void cleansWhatUsersWrote() {
        var refused = refused(List.of(new Changed("x[\"a\nb\"]", "is immutable", "\u001b[31m")));

        assertThat(wording.refusal(creation(), refused))
                .contains("x[\"a\uFFFDb\"]")
                .contains("is im-mutable")
                .doesNotContain("\u001b");
    }

    @Test
    void namesTheAnnotationItsValueItsPlaceAndTheCommandOfTheOtherWayOut() {
        var refused = refused(List.of(new Changed("ingress[0]", "a", "b")));

        assertThat(wording.refusal(creation(), refused).lines())
                .endsWith(
                        "Read from cluster101 just now.",
                        "To keep theirs, apply what this shows: kubectl --context cluster101 get cnp allow-api -n default -o yaml",
                        "To replace it, set lockstep.mesh/revision: \"1\" under metadata.annotations in the manifest"
                                + " (for a pipeline: in Git), and apply it everywhere.");
    }

    @Test
    void asksForARevisionThatIsAboveThoseOfAllMembers() {
        var differs = new Differs(cluster(1), false, false);
        var refused =
                new Refused(
                        List.of(
                                new Weighed(differs, Severity.DENY),
                                new Weighed(new Newer(cluster(2), new Revision(7)), Severity.DENY)),
                        witness(differs, Differences.TOO_LARGE));

        assertThat(wording.refusal(creation(), refused)).contains("lockstep.mesh/revision: \"8\"");
    }

    @Test
    void namesNoNamespaceOfAClusterwidePolicy() {
        var key = new PolicyKey(PolicyKey.Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY, "", "allow-api");
        var change = new Change.Created(Policies.read(key, Reviews.policy(80)));

        assertThat(wording.refusal(change, refused(Differences.TOO_LARGE)))
                .contains("kubectl --context cluster101 get ccnp allow-api -o yaml");
    }

    @Test
    void saysWhichPeerIsAheadAndWhenTheChangePasses() {
        var finding = new Differs(cluster(1), false, true);
        var refused =
                new Refused(
                        List.of(new Weighed(finding, Severity.DENY)),
                        witness(finding, Differences.TOO_LARGE));

        assertThat(wording.refusal(creation(), refused).lines())
                .startsWith(
                        "CiliumNetworkPolicy default/allow-api would differ from cluster101, which has"
                                + " moved on [Differs].")
                .contains(
                        "cluster101 is ahead: its version came from the one here. Once it has yours as"
                                + " well, this change passes.")
                .anyMatch(it -> it.startsWith("To join it, apply what this shows: kubectl "));
    }

    @Test
    void showsWhatPoliciesAreForBesidesTheirRules() {
        var members =
                new Changed("metadata.annotations[\"lockstep.mesh/members\"]", "local", "all");
        var rules = new Differences(List.of(new Changed("ingress[0]", "a", "b")), 0, true);
        var finding = new Detached(cluster(1));

        assertThat(wording.refusal(creation(), refusedBeside(finding, rules, members)).lines())
                .containsSequence(
                        "  ingress[0]   here: a   cluster101: b",
                        "Outside the rules:",
                        "  metadata.annotations[\"lockstep.mesh/members\"]   here: local   cluster101: all");
        var alone = refusedBeside(finding, Differences.NONE, members);
        assertThat(wording.refusal(creation(), alone).lines())
                .containsSequence(
                        "The rules are the same. Outside the rules:",
                        "  metadata.annotations[\"lockstep.mesh/members\"]   here: local   cluster101: all");
        assertThat(warnings.of(Policies.KEY, new Judgement(alone, List.of(), true)))
                .containsExactly(
                        "cluster101: default/allow-api differs outside the rules:"
                                + " metadata.annotations[\"lockstep.mesh/members\"]");
    }

    /// Flux would delete and re-create the policy (`ssa/errors/immutable.go` of fluxcd/pkg).
    @ParameterizedTest
    @ValueSource(strings = {"immutable", "f-immutable", "is-immutable"})
    void keepsANameThatHasImmutableInItAndSaysNoPhraseThatFluxActsOn(String name) {
        var key = new PolicyKey(PolicyKey.Kind.CILIUM_NETWORK_POLICY, "immutable", name);
        var change = new Change.Created(Policies.read(key, Reviews.policy(80)));
        var places = List.<Difference>of(new Changed("an immutable field", "is immutable", "b"));
        for (int i = 0; i < 8; i++) {
            var finding = finding(i);
            var refused =
                    new Refused(
                            List.of(new Weighed(finding, Severity.DENY)),
                            witness(finding, new Differences(places, 0, true)));

            assertThat(wording.refusal(change, refused))
                    .contains("CiliumNetworkPolicy immutable/" + name + " would")
                    .doesNotContainPattern("is\\simmutable|immutable\\sfield");
        }
    }

    @Test
    void saysNothingAboutWhatIsOnlyRecorded() {
        var recorded = judgement(List.of(new Weighed(finding(0), Severity.AUDIT)));

        assertThat(warnings.of(Policies.KEY, recorded)).isEmpty();
    }

    private static Change creation() {
        return new Change.Created(Policies.withPort(80));
    }

    private static Judgement judgement(List<Weighed> findings) {
        return new Judgement(new Admitted(findings), List.of(), false);
    }

    private static Refused refused(List<Difference> differences) {
        return refused(new Differences(differences, 0, true));
    }

    private static Refused refused(Differences differences) {
        var finding = new Differs(cluster(1), false, false);
        return new Refused(
                List.of(new Weighed(finding, Severity.DENY)), witness(finding, differences));
    }

    private static Refused refusedBeside(
            Finding finding, Differences differences, Changed... beside) {
        return new Refused(
                List.of(new Weighed(finding, Severity.DENY)),
                new Witness(finding, Policies.withPort(81), "7", differences, List.of(beside)));
    }

    private static Witness witness(Finding finding, Differences differences) {
        return new Witness(finding, Policies.withPort(81), "7", differences, List.of());
    }

    private static Finding finding(int i) {
        return switch (i % 8) {
            case 0 -> new Differs(cluster(i), false, false);
            case 1 -> new Previous(cluster(i));
            case 2 -> new Missing(cluster(i));
            case 3 -> new StillHeld(cluster(i));
            case 4 -> new Newer(cluster(i), new Revision(i));
            case 5 -> new Older(cluster(i), new Revision(i));
            case 6 -> new Detached(cluster(i));
            default -> new Unknown(cluster(i), "a cause of its own, number " + i);
        };
    }

    private static ClusterName cluster(int i) {
        return new ClusterName("cluster" + (100 + i));
    }
}
