package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Departures.OtherSetting;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberSettingsTest {

    private static final ClusterName PEER = new ClusterName("cluster2");
    private static final Optional<String> OF_1_20 = Optional.of("1.33.12");

    @Test
    void takesAnAbsentKeyForCiliumsDefault() {
        var silent = MemberSettings.of(Map.of(), OF_1_20);
        var explicit =
                MemberSettings.of(
                        Map.of("enable-policy", "default", "policy-default-local-cluster", "true"),
                        OF_1_20);

        assertThat(silent.departures(PEER, explicit)).isEmpty();
    }

    @Test
    void findsWhatDiffersAndNothingElse() {
        var here = MemberSettings.of(Map.of("cluster-name", "cluster1", "debug", "true"), OF_1_20);
        var there =
                MemberSettings.of(
                        Map.of("cluster-name", "cluster2", "policy-audit-mode", "true"), OF_1_20);

        assertThat(here.departures(PEER, there))
                .containsExactly(new OtherSetting("policy-audit-mode", "false", PEER, "true"));
    }

    @ParameterizedTest
    @CsvSource({"1.30.8, false", "1.31.11, false", "1.32.6, true", "1.33.12, true"})
    void knowsSinceWhenSelectorsWithoutAClusterMeanTheOwn(String schema, String expected) {
        assertThat(MemberSettings.of(Map.of(), Optional.of(schema)).values())
                .containsEntry("policy-default-local-cluster", expected)
                .containsEntry(MemberSettings.SCHEMA, schema);
    }

    @Test
    void doesNotCompareWhatItDoesNotKnow() {
        var known = MemberSettings.of(Map.of(), OF_1_20);
        var unknown = MemberSettings.of(Map.of(), Optional.empty());

        assertThat(known.departures(PEER, unknown)).isEmpty();
        assertThat(unknown.departures(PEER, known)).isEmpty();
    }

    @Test
    void isRemarkedOnceForEachSettingWithThePeersThatHaveItDifferently() {
        var here = new ClusterName("cluster1");
        var third = new ClusterName("cluster3");
        var facts =
                Map.of(
                        here, facts(Map.of()),
                        third, facts(Map.of("enable-policy", "always", "enable-ipv6", "false")),
                        PEER, facts(Map.of("enable-policy", "always")));

        var remarks = new RemarkRules(here).about(new TreeMap<>(facts), Optional.empty());

        assertThat(remarks)
                .containsExactly(
                        new Remark.Departing(
                                List.of(new OtherSetting("enable-ipv6", "true", third, "false"))),
                        new Remark.Departing(
                                List.of(
                                        new OtherSetting(
                                                "enable-policy", "default", PEER, "always"),
                                        new OtherSetting(
                                                "enable-policy", "default", third, "always"))));
    }

    private static MemberFacts facts(Map<String, String> configuration) {
        return MemberFacts.UNKNOWN.configured(
                MemberSettings.of(configuration, OF_1_20), Optional.empty());
    }

    @Test
    void namesOfClustersAreFoundInEverySelector() {
        var policy =
                Policies.withSpec(
                        """
                        endpointSelector: {matchLabels: {k8s:io.cilium.k8s.policy.cluster: one}}
                        egress:
                        - toEndpoints:
                          - matchExpressions:
                            - {key: io.cilium.k8s.policy.cluster, operator: NotIn, values: [two, three]}
                            - {key: app, operator: In, values: [four]}
                        """);

        assertThat(policy.spec().clusters()).containsExactly("one", "three", "two");
    }
}
