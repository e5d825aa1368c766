package mesh.lockstep.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import mesh.lockstep.policy.Difference.Changed;
import mesh.lockstep.policy.Difference.OnlyHere;
import mesh.lockstep.policy.Difference.OnlyThere;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.policy.reading.Settings;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;

class DifferTest {

    @Test
    void findsNothingBetweenEqualPolicies() {
        assertThat(Differ.between(Policies.withPort(80), Policies.withPort(80))).isEmpty();
    }

    @Test
    void namesTheLabelThatDiffers() {
        var here =
                Policies.withSpec(
                        """
                        endpointSelector: {matchLabels: {app: backend}}
                        ingress:
                        - fromEndpoints:
                          - matchLabels: {app: frontend, io.cilium.k8s.policy.cluster: cluster2}
                        """);
        var there =
                Policies.withSpec(
                        """
                        endpointSelector: {matchLabels: {app: backend}}
                        ingress:
                        - fromEndpoints:
                          - matchLabels: {app: frontend, io.cilium.k8s.policy.cluster: cluster1}
                        """);

        var differences = Differ.between(here, there);

        assertThat(differences)
                .containsExactly(
                        new Changed(
                                "ingress[0].fromEndpoints[0].matchLabels[\"io.cilium.k8s.policy.cluster\"]",
                                "cluster2",
                                "cluster1"));
    }

    @Test
    void readsOneChangedRuleAmongTwentyAsOneDifference() {
        var here = new StringBuilder("endpointSelector: {}\ningress:\n");
        var there = new StringBuilder("endpointSelector: {}\ningress:\n");
        for (int i = 0; i < 20; i++) {
            here.append(rule("app" + i, i == 7 ? "8080" : "80"));
        }
        // The same rules in the other order.
        for (int i = 19; i >= 0; i--) {
            there.append(rule("app" + i, "80"));
        }

        var differences =
                Differ.between(
                        Policies.withSpec(here.toString()), Policies.withSpec(there.toString()));

        assertThat(differences)
                .containsExactly(new Changed("ingress[7].toPorts[0].ports[0].port", "8080", "80"));
    }

    @Test
    void pairsTwoChangedRulesWithThoseTheyHaveMostInCommonWith() {
        var here =
                Policies.withSpec(
                        "endpointSelector: {}\ningress:\n" + rule("a", "1") + rule("b", "2"));
        var there =
                Policies.withSpec(
                        "endpointSelector: {}\ningress:\n" + rule("b", "4") + rule("a", "3"));

        var differences = Differ.between(here, there);

        assertThat(differences)
                .containsExactly(
                        new Changed("ingress[0].toPorts[0].ports[0].port", "1", "3"),
                        new Changed("ingress[1].toPorts[0].ports[0].port", "2", "4"));
    }

    @Test
    void showsAnAddedRuleWhereItStands() {
        var one = Policies.withSpec("endpointSelector: {}\ningress:\n" + rule("a", "1"));
        var two =
                Policies.withSpec(
                        "endpointSelector: {}\ningress:\n" + rule("b", "2") + rule("a", "1"));

        assertThat(Differ.between(two, one))
                .singleElement()
                .isInstanceOfSatisfying(
                        OnlyHere.class, it -> assertThat(it.path()).isEqualTo("ingress[0]"));
        assertThat(Differ.between(one, two))
                .singleElement()
                .isInstanceOfSatisfying(
                        OnlyThere.class, it -> assertThat(it.path()).isEqualTo("ingress[0]"));
    }

    @Test
    void tellsAnEmptySectionFromAnAbsentOne() {
        var none = Policies.withSpec("endpointSelector: {}\negress: []");
        var empty = Policies.withSpec("endpointSelector: {}\negress: []\ningress: []");
        var any = Policies.withSpec("endpointSelector: {}\negress: []\ningress: [{}]");

        assertThat(Differ.between(empty, none)).containsExactly(new OnlyHere("ingress", "[]"));
        assertThat(Differ.between(empty, any))
                .containsExactly(new Changed("ingress", "[]", "[{}]"));
    }

    @Test
    void writesPathsIntoSpecs() {
        var here = specs("80", "443");
        var there = specs("80", "8443");

        assertThat(Differ.between(here, there))
                .containsExactly(
                        new Changed("specs[1].ingress[0].toPorts[0].ports[0].port", "443", "8443"));
    }

    @Test
    void showsStatementsWhereTheManifestsExplainNothing() {
        var spec = Yaml.read("spec: {endpointSelector: {}, ingress: [{fromNodes: [{}]}]}");
        var here = Policies.read(reader(true), Policies.KEY, spec, Optional.empty());
        var there = Policies.read(reader(false), Policies.KEY, spec, Optional.empty());

        assertThat(Differ.between(here, there))
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

        assertThat(Differ.between(here, there))
                .containsExactly(
                        new Changed("ingress[0].fromCIDR", "[\"a\",\"b\"]", "[\"b\",\"a\"]"));
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

        assertThat(Differ.between(here, there))
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
                        Differ.between(
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

        assertThat(Differ.between(here, there))
                .containsExactly(
                        new OnlyThere("specs[1].ingress[1]", "{\"fromEntities\":[\"health\"]}"));
    }

    @Test
    void showsARuleForAnotherThatHasNothingInCommon() {
        var here = Policies.withSpec("endpointSelector: {}\ningress: [{fromEntities: [host]}]");
        var there =
                Policies.withSpec(
                        """
                        endpointSelector: {}
                        ingress: [{fromCIDR: [10.0.0.0/8], toPorts: [{ports: [{port: "80"}]}]}]
                        """);

        assertThat(Differ.between(here, there))
                .extracting(Difference::path)
                .containsExactly("ingress[0]", "ingress[0]");
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

        assertThat(Differ.between(here, there))
                .containsExactly(
                        new Changed(
                                "ingress[0].fromEndpoints[1].matchLabels[\"io.cilium.k8s.policy.cluster\"]",
                                "cluster1",
                                "cluster3"));
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
                        Differ.between(
                                Policies.withSpec(here.toString()),
                                Policies.withSpec(there.toString())))
                .containsExactly(new Changed("ingress[1999].toPorts[0].ports[0].port", "80", "81"));
    }

    @Test
    void comparesASpecThatIsNoObjectAsWritten() {
        var text = Policies.read(Policies.KEY, Yaml.read("spec: hello"));
        var object = Policies.withSpec("endpointSelector: {}");

        assertThat(Differ.between(text, object))
                .containsExactly(new Changed("spec", "hello", "{\"endpointSelector\":{}}"));
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

    private static Policy specs(String first, String second) {
        return Policies.read(
                Policies.KEY,
                Yaml.read(
                        """
                        specs:
                        - endpointSelector: {matchLabels: {app: a}}
                          ingress: [{toPorts: [{ports: [{port: "%s"}]}]}]
                        - endpointSelector: {matchLabels: {app: b}}
                          ingress: [{toPorts: [{ports: [{port: "%s"}]}]}]
                        """
                                .formatted(first, second)));
    }
}
