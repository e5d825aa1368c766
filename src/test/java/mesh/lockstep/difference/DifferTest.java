package mesh.lockstep.difference;

import static org.assertj.core.api.Assertions.assertThat;

import mesh.lockstep.difference.Difference.Changed;
import mesh.lockstep.difference.Difference.OnlyHere;
import mesh.lockstep.difference.Difference.OnlyThere;
import mesh.lockstep.difference.Difference.Reordered;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferTest {

    @Test
    void findsNothingBetweenEqualPolicies() {
        assertThat(Policies.differences(Policies.withPort(80), Policies.withPort(80))).isEmpty();
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

        var differences = Policies.differences(here, there);

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
                Policies.differences(
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

        var differences = Policies.differences(here, there);

        assertThat(differences)
                .containsExactly(
                        new Changed("ingress[0].toPorts[0].ports[0].port", "1", "3"),
                        new Changed("ingress[1].toPorts[0].ports[0].port", "2", "4"));
    }

    @Test
    void showsAnAddedRuleInItsPlace() {
        var one = Policies.withSpec("endpointSelector: {}\ningress:\n" + rule("a", "1"));
        var two =
                Policies.withSpec(
                        "endpointSelector: {}\ningress:\n" + rule("b", "2") + rule("a", "1"));

        assertThat(Policies.differences(two, one))
                .singleElement()
                .isInstanceOfSatisfying(
                        OnlyHere.class, it -> assertThat(it.path()).isEqualTo("ingress[0]"));
        assertThat(Policies.differences(one, two))
                .singleElement()
                .isInstanceOfSatisfying(
                        OnlyThere.class, it -> assertThat(it.path()).isEqualTo("ingress[0]"));
    }

    @Test
    void tellsAnEmptySectionFromAnAbsentOne() {
        var none = Policies.withSpec("endpointSelector: {}\negress: []");
        var empty = Policies.withSpec("endpointSelector: {}\negress: []\ningress: []");
        var any = Policies.withSpec("endpointSelector: {}\negress: []\ningress: [{}]");

        assertThat(Policies.differences(empty, none))
                .containsExactly(new OnlyHere("ingress", "[]"));
        assertThat(Policies.differences(empty, any))
                .containsExactly(new Changed("ingress", "[]", "[{}]"));
    }

    @Test
    void writesPathsIntoSpecs() {
        var here = specs("80", "443");
        var there = specs("80", "8443");

        assertThat(Policies.differences(here, there))
                .containsExactly(
                        new Changed("specs[1].ingress[0].toPorts[0].ports[0].port", "443", "8443"));
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

        assertThat(Policies.differences(here, there))
                .extracting(Difference::path)
                .containsExactly("ingress[0]", "ingress[0]");
    }

    /// Whichever of the two is needed once the other is left out.
    @Test
    void doesNotShowHowTheSamePeersAreCutIntoRules() {
        var one = peersAndPort("[{matchLabels: {a: x}}, {matchLabels: {a: y}}]", "81");
        var two =
                peersAndPort(
                        "[{matchLabels: {a: x}}]\n- toEndpoints: [{matchLabels: {a: y}}]", "80");
        var port = "ingress[0].toPorts[0].ports[0].port";

        assertThat(Policies.differences(two, one)).containsExactly(new Changed(port, "80", "81"));
        assertThat(Policies.differences(one, two)).containsExactly(new Changed(port, "81", "80"));
    }

    /// Neither can be left out alone.
    @Test
    void doesNotShowWhatStandsInThePlaceOfTheSame() {
        var one =
                Policies.withSpec(
                        """
                        endpointSelector: {}
                        egress: [{toCIDR: [10.0.0.0/8], toPorts: [{ports: [{port: "81"}]}]}]
                        """);
        var two =
                Policies.withSpec(
                        """
                        endpointSelector: {}
                        egress: [{toCIDRSet: [{cidr: 10.0.0.0/8}], toPorts: [{ports: [{port: "80"}]}]}]
                        """);

        assertThat(Policies.differences(two, one))
                .containsExactly(new Changed("egress[0].toPorts[0].ports[0].port", "80", "81"));
    }

    private static Policy peersAndPort(String endpoints, String port) {
        return Policies.withSpec(
                """
                endpointSelector: {}
                ingress:
                - toPorts: [{ports: [{port: "%s"}]}]
                egress:
                - toEndpoints: %s
                """
                        .formatted(port, endpoints));
    }

    @Test
    void comparesASpecThatIsNotAnObjectAsWritten() {
        var text = Policies.read(Policies.KEY, Yaml.read("spec: hello"));
        var object = Policies.withSpec("endpointSelector: {}");

        assertThat(Policies.differences(text, object))
                .containsExactly(new Changed("spec", "hello", "{\"endpointSelector\":{}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // One, its reverse, and where their order counts
                "ingress: [{fromEntities: [moon]}, {fromEntities: [host]}] | ingress: [{fromEntities: [host]}, {fromEntities: [moon]}] | ingress",
                "ingress: [{fromEntities: [moon, host]}] | ingress: [{fromEntities: [host, moon]}] | ingress[0].fromEntities",
                "ingress: [{fromStars: [a, b]}] | ingress: [{fromStars: [b, a]}] | ingress[0].fromStars",
                "ingress: [{fromStars: [a, a]}] | ingress: [{fromStars: [a]}] | ingress[0].fromStars",
                "ingress: [{toPorts: [{ports: [{port: web, endPort: 90}, {port: web}]}]}] | ingress: [{toPorts: [{ports: [{port: web}, {port: web, endPort: 90}]}]}] | ingress[0].toPorts[0].ports",
            })
    void saysThatOnlyTheOrderDiffers(String one, String other, String path) {
        var here = Policies.withSpec("endpointSelector: {}\n" + one);
        var there = Policies.withSpec("endpointSelector: {}\n" + other);

        assertThat(Policies.differences(here, there)).containsExactly(new Reordered(path));
        assertThat(Policies.differences(there, here)).containsExactly(new Reordered(path));
    }

    @Test
    void saysThatOnlyTheOrderOfSpecsDiffers() {
        var rule = "- {endpointSelector: {}, ingress: [{fromEntities: [%s]}]}\n";
        var moon = rule.formatted("moon");
        var host = rule.formatted("host");

        assertThat(Policies.differences(ofSpecs(moon + host), ofSpecs(host + moon)))
                .containsExactly(new Reordered("spec"));
    }

    private static Policy ofSpecs(String rules) {
        return Policies.read(Policies.KEY, Yaml.read("specs:\n" + rules));
    }

    private static String rule(String app, String port) {
        return """
               - fromEndpoints: [{matchLabels: {app: %s}}]
                 toPorts: [{ports: [{port: "%s", protocol: TCP}]}]
               """
                .formatted(app, port);
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
