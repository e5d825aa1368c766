package mesh.lockstep.difference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import mesh.lockstep.difference.Difference.Changed;
import mesh.lockstep.difference.Difference.OnlyHere;
import mesh.lockstep.difference.Difference.OnlyThere;
import mesh.lockstep.difference.Difference.Reordered;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.policy.reading.Settings;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;

/// For policies that say one thing in two ways, only what they do not agree on is shown.
class DifferSpellingTest {

    @Test
    void showsStatementsWhereTheManifestsExplainNothing() {
        var spec = Yaml.read("spec: {endpointSelector: {}, ingress: [{fromNodes: [{}]}]}");
        var here = Policies.read(reader(true), Policies.KEY, spec, Optional.empty());
        var there = Policies.read(reader(false), Policies.KEY, spec, Optional.empty());

        assertThat(Policies.differences(here, there))
                .hasSize(2)
                .satisfiesExactly(
                        one -> assertThat(one).isInstanceOf(OnlyHere.class),
                        other -> assertThat(other).isInstanceOf(OnlyThere.class))
                .allSatisfy(it -> assertThat(it.path()).isEqualTo("spec"));
    }

    @Test
    void showsTheOrderWhereItIsAllThatDiffers() {
        // Both are rejected by Cilium, and so compared as written.
        var here = Policies.withSpec("endpointSelector: {}\ningress: [{fromCIDR: [a, b]}]");
        var there = Policies.withSpec("endpointSelector: {}\ningress: [{fromCIDR: [b, a]}]");

        assertThat(Policies.differences(here, there))
                .containsExactly(new Reordered("ingress[0].fromCIDR"));
    }

    @Test
    void showsNothingThatDiffersInTextOnly() {
        var here =
                Policies.withSpec(
                        """
                        endpointSelector: {matchLabels: {app: api}}
                        ingress:
                        - fromEndpoints:
                          - matchLabels: {app: a}
                          - matchExpressions: [{key: app, operator: In, values: [c, b]}]
                          toPorts: [{ports: [{port: "0120", protocol: TCP}, {port: "443"}]}]
                        - fromCIDR: [10.1.2.3/8]
                        """);
        var there =
                Policies.withSpec(
                        """
                        description: the same in other words
                        endpointSelector: {matchExpressions: [{key: k8s:app, operator: In, values: [api]}]}
                        ingress:
                        - fromCIDRSet: [{cidr: 10.0.0.0/8}]
                        - fromEndpoints:
                          - matchExpressions: [{key: any:app, operator: In, values: [b, c]}]
                          - matchLabels: {k8s:app: a}
                          toPorts: [{ports: [{port: "8443", protocol: ANY}, {port: "80", protocol: TCP}]}]
                        """);

        assertThat(Policies.differences(here, there))
                .containsExactly(new Changed("ingress[0].toPorts[0].ports[1].port", "443", "8443"));
    }

    @Test
    void findsTheChangedRuleAmongTwentyInOtherWords() {
        var here = new StringBuilder("endpointSelector: {}\ningress:\n");
        var there = new StringBuilder("endpointSelector: {}\ningress:\n");
        for (int i = 0; i < 20; i++) {
            here.append(rule("app" + i, "80"));
        }
        for (int i = 19; i >= 0; i--) {
            there.append(rule("app" + i, i == 7 ? "8080" : "0120").replace("{app:", "{k8s:app:"));
        }

        assertThat(
                        Policies.differences(
                                Policies.withSpec(here.toString()),
                                Policies.withSpec(there.toString())))
                .containsExactly(new Changed("ingress[7].toPorts[0].ports[0].port", "80", "8080"));
    }

    @Test
    void showsTheRuleThatIsAddedWhereOthersWereSplit() {
        var here =
                Policies.withSpec(
                        """
                        endpointSelector: {}
                        ingress: [{fromEntities: [host, world]}]
                        egress: [{toEntities: [host]}]
                        """);
        var there =
                Policies.read(
                        Policies.KEY,
                        Yaml.read(
                                """
                                specs:
                                - {endpointSelector: {}, egress: [{toEntities: [host]}]}
                                - endpointSelector: {}
                                  ingress: [{fromEntities: [world]}, {fromEntities: [health]}]
                                - {endpointSelector: {}, ingress: [{fromEntities: [host]}]}
                                """));

        assertThat(Policies.differences(here, there))
                .containsExactly(
                        new OnlyThere("specs[1].ingress[1]", "{\"fromEntities\":[\"health\"]}"));
    }

    @Test
    void showsARelativeNameAsItIsWritten() {
        var manifest =
                """
                spec:
                  endpointSelector: {}
                  ingress:
                  - fromEndpoints:
                    - matchLabels: {app: a, io.cilium.k8s.policy.cluster: %s}
                    - matchLabels: {app: b, io.cilium.k8s.policy.cluster: %s}
                """;
        var here = relative(manifest.formatted("cluster1", "cluster1"), "cluster1");
        var there = relative(manifest.formatted("cluster2", "cluster3"), "cluster2");

        assertThat(Policies.differences(here, there))
                .containsExactly(
                        new Changed(
                                "ingress[0].fromEndpoints[1].matchLabels[\"io.cilium.k8s.policy.cluster\"]",
                                "cluster1",
                                "cluster3"));
    }

    @Test
    void showsHowOneTextIsReadInTwoWays() {
        var manifest =
                """
                spec:
                  endpointSelector: {}
                  ingress:
                  - fromEndpoints: [{matchLabels: {app: a, io.cilium.k8s.policy.cluster: cluster1}}]
                  - fromEndpoints:
                    - {matchLabels: {io.cilium.k8s.policy.cluster: cluster1}}
                    - matchExpressions:
                      - {key: io.cilium.k8s.policy.cluster, operator: In, values: [c3, cluster1]}
                """;
        var here = relative(manifest, "cluster1");
        var there = relative(manifest, "cluster2");

        assertThat(Policies.differences(here, there))
                .hasSize(3)
                .allSatisfy(
                        it -> {
                            assertThat(it).isInstanceOf(Changed.class);
                            var changed = (Changed) it;
                            assertThat(changed.here()).isEqualTo("cluster1 (read as \"here\")");
                            assertThat(changed.there()).isEqualTo("cluster1 (read as a name)");
                        });
    }

    @Test
    void findsTheDifferenceInALargePolicyInTime() {
        var here = new StringBuilder("endpointSelector: {}\ningress:\n");
        var there = new StringBuilder("endpointSelector: {}\ningress:\n");
        for (int i = 0; i < 3000; i++) {
            here.append(rule("app" + i, "80"));
            there.append(rule("app" + (2999 - i), i == 1000 ? "81" : "80"));
        }

        assertThat(
                        Policies.differences(
                                Policies.withSpec(here.toString()),
                                Policies.withSpec(there.toString())))
                .containsExactly(new Changed("ingress[1999].toPorts[0].ports[0].port", "80", "81"));
    }

    private static String rule(String app, String port) {
        return """
               - fromEndpoints: [{matchLabels: {app: %s}}]
                 toPorts: [{ports: [{port: "%s", protocol: TCP}]}]
               """
                .formatted(app, port);
    }

    private static PolicyReader reader(boolean defaultLocalCluster) {
        return new PolicyReader(new Settings(defaultLocalCluster));
    }

    private static Policy relative(String manifest, String cluster) {
        return Policies.read(
                new PolicyReader(), Policies.KEY, Yaml.read(manifest), Optional.of(cluster));
    }
}
