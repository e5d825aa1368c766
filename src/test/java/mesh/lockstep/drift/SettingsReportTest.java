package mesh.lockstep.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Departures.Found;
import mesh.lockstep.rollout.Departures.LackedGroup;
import mesh.lockstep.rollout.Departures.OtherSetting;
import org.junit.jupiter.api.Test;

class SettingsReportTest {

    private static final JsonNode NOTHING = MissingNode.getInstance();
    private static final SortedMap<ClusterName, Shares.Rest> ALL_REPORTED = new TreeMap<>();

    @Test
    void hasAResultForEachSettingAndPeer() {
        var report = report(NOTHING, Set.of(), "enable-policy cluster3", "enable-policy cluster2");

        assertThat(results(report))
                .containsExactly("enable-policy cluster2 warn", "enable-policy cluster3 warn");
        assertThat(report.path("kind").asText()).isEqualTo("ClusterReport");
        assertThat(report.path("summary").path("warn").asInt()).isEqualTo(2);
        assertThat(report.path("results").path(0).path("message").asText())
                .isEqualTo(
                        "enable-policy is \"a\" here and \"b\" in cluster2: the same policy may behave"
                                + " differently there");
    }

    @Test
    void isNoneWhereNothingDiffers() {
        var before = report(NOTHING, Set.of(), "enable-policy cluster2");

        assertThat(
                        SettingsReport.of(
                                settings(Set.of()), ALL_REPORTED, ReportForm.OPEN_REPORTS, before))
                .isEmpty();
    }

    /// As after a restart: the peer was not read yet, or a replica does not reach it.
    @Test
    void leavesWhatIsSaidOfAPeerThatIsNotKnownNow() {
        var before = report(NOTHING, Set.of(), "enable-policy cluster2", "enable-policy cluster3");

        var report = report(before, Set.of("cluster3"), "enable-ipv4 cluster2");

        assertThat(results(report))
                .containsExactly("enable-ipv4 cluster2 warn", "enable-policy cluster3 warn");
    }

    @Test
    void hasAResultForEachCidrGroupThatIsMissing() {
        var report = report(groups(List.of("cluster2", "cluster3"), List.of()), NOTHING);

        assertThat(results(report)).containsExactly("ciliumcidrgroup/partners  warn");
        assertThat(report.path("summary").path("warn").asInt()).isEqualTo(1);
        assertThat(report.at("/results/0/message").asText())
                .isEqualTo(
                        "policies use the CIDR group partners, which is missing in cluster2,"
                                + " cluster3; there it matches no addresses");
    }

    @Test
    void leavesWhatIsSaidOfMembersWhoseGroupsAreNotKnownNow() {
        var before = report(groups(List.of("cluster2", "cluster3"), List.of()), NOTHING);

        var unknown = report(groups(List.of(), List.of("cluster3")), before);
        assertThat(unknown.at("/results/0/properties/missingIn").asText()).isEqualTo("cluster3");
        var again = report(groups(List.of("cluster2"), List.of("cluster3")), before);
        assertThat(again.at("/results/0/properties/missingIn").asText())
                .isEqualTo("cluster2, cluster3");
        assertThat(again).isEqualTo(before);

        assertThat(
                        SettingsReport.of(
                                groups(List.of(), List.of()),
                                ALL_REPORTED,
                                ReportForm.OPEN_REPORTS,
                                before))
                .isEmpty();
    }

    /// While no settings are known, those of every peer.
    @Test
    void saysNothingTwice() {
        var rows =
                new Departures(
                        settings(Set.of("cluster2")).settings(),
                        groups(List.of("cluster2"), List.of()).groups());
        var before =
                SettingsReport.of(rows, ALL_REPORTED, ReportForm.OPEN_REPORTS, NOTHING)
                        .orElseThrow();

        assertThat(SettingsReport.of(rows, ALL_REPORTED, ReportForm.OPEN_REPORTS, before))
                .hasValue(before);
    }

    @Test
    void saysHowManyPoliciesHaveNoReportOfTheirOwn() {
        var rest = new TreeMap<>(ALL_REPORTED);
        rest.put(new ClusterName("cluster2"), new Shares.Rest(19_000, List.of("default/a", "b")));

        var report =
                SettingsReport.of(settings(Set.of()), rest, ReportForm.OPEN_REPORTS, NOTHING)
                        .orElseThrow();

        assertThat(report.at("/results/0/message").asText())
                .isEqualTo(
                        "19000 more policies differ from cluster2, or are not enforced there, than have reports of their own:"
                                + " default/a, b and others; /mesh/policies lists all");
        assertThat(report.at("/summary/fail").asInt()).isEqualTo(1);
        var later = settings(Set.of("cluster2"));
        assertThat(SettingsReport.of(later, ALL_REPORTED, ReportForm.OPEN_REPORTS, report))
                .isEmpty();
    }

    /// Others may have written it.
    @Test
    void keepsOfWhatIsThereOnlySoMuch() {
        var results = new ArrayList<String>();
        for (int i = 0; i < 5_000; i++) {
            results.add("setting-" + i + " cluster3");
        }
        var before = report(NOTHING, Set.of(), results.toArray(String[]::new));
        ((ObjectNode) before.at("/results/0/properties")).put("here", "x".repeat(1_000_000));

        var report = report(before, Set.of("cluster3"), "enable-ipv4 cluster2");

        assertThat(report.path("results")).hasSizeLessThanOrEqualTo(1_000);
        assertThat(report.toString()).hasSizeLessThan(1_000_000);
    }

    private static JsonNode report(Departures departures, JsonNode there) {
        return SettingsReport.of(departures, ALL_REPORTED, ReportForm.OPEN_REPORTS, there)
                .orElseThrow();
    }

    private static Departures groups(List<String> missingIn, List<String> notRead) {
        var found =
                missingIn.isEmpty()
                        ? List.<LackedGroup>of()
                        : List.of(new LackedGroup("partners", clusters(missingIn).toList()));
        var unknown = clusters(notRead).collect(Collectors.toCollection(TreeSet::new));
        return new Departures(Found.none(), new Found<>(found, unknown));
    }

    private static JsonNode report(JsonNode there, Set<String> unknown, String... rows) {
        return SettingsReport.of(
                        settings(unknown, rows), ALL_REPORTED, ReportForm.OPEN_REPORTS, there)
                .orElseThrow();
    }

    private static Departures settings(Set<String> unknown, String... settings) {
        var found =
                Arrays.stream(settings)
                        .map(it -> it.split(" "))
                        .map(it -> new OtherSetting(it[0], "a", new ClusterName(it[1]), "b"))
                        .toList();
        var peers = clusters(unknown).collect(Collectors.toCollection(TreeSet::new));
        return new Departures(new Found<>(found, peers), Found.none());
    }

    private static Stream<ClusterName> clusters(Collection<String> names) {
        return names.stream().map(ClusterName::new);
    }

    private static List<String> results(JsonNode report) {
        return report.path("results")
                .valueStream()
                .map(
                        it ->
                                String.join(
                                        " ",
                                        it.path("rule").asText(),
                                        it.path("properties").path("peer").asText(),
                                        it.path("result").asText()))
                .toList();
    }
}
