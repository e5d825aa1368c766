package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.MemberSettings.Departure;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberSettingsTest {

    private static final Optional<String> OF_1_20 = Optional.of("1.33.12");

    @Test
    void takesAnAbsentKeyForCiliumsDefault() {
        var silent = MemberSettings.of(Map.of(), OF_1_20);
        var explicit =
                MemberSettings.of(
                        Map.of("enable-policy", "default", "policy-default-local-cluster", "true"),
                        OF_1_20);

        assertThat(silent.departures(explicit)).isEmpty();
    }

    @Test
    void findsWhatDiffersAndNothingElse() {
        var here = MemberSettings.of(Map.of("cluster-name", "cluster1", "debug", "true"), OF_1_20);
        var there =
                MemberSettings.of(
                        Map.of("cluster-name", "cluster2", "policy-audit-mode", "true"), OF_1_20);

        assertThat(here.departures(there))
                .containsExactly(new Departure("policy-audit-mode", "false", "true"));
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

        assertThat(known.departures(unknown)).isEmpty();
        assertThat(unknown.departures(known)).isEmpty();
    }

    @Test
    void isRemarkedOnceForEachSettingWithThePeersThatHaveItDifferently() {
        var settings = new TreeMap<ClusterName, MemberSettings>();
        settings.put(new ClusterName("cluster1"), MemberSettings.of(Map.of(), OF_1_20));
        for (var peer : List.of("cluster2", "cluster3")) {
            settings.put(
                    new ClusterName(peer),
                    MemberSettings.of(Map.of("enable-policy", "always"), OF_1_20));
        }

        var remarks = new Remarks(new ClusterName("cluster1")).about(settings);

        assertThat(remarks)
                .containsExactly(
                        new Remark.OtherSetting(
                                "enable-policy",
                                "default",
                                new TreeMap<>(
                                        Map.of(
                                                new ClusterName("cluster2"),
                                                "always",
                                                new ClusterName("cluster3"),
                                                "always"))));
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
