package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.reading.Cilium;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.WebhookProcess;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Drift, made in every way in which it comes about in real clusters: found in time, named rightly,
/// and gone when it is fixed. What lasts longer than three seconds is not a rollout here.
@TestMethodOrder(OrderAnnotation.class)
class DriftIT {

    private static final Duration IN_TIME = Duration.ofSeconds(5);
    private static final Duration AFTER_A_START = Duration.ofSeconds(30);
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final int RACES = 50;
    private static final String REPORT_KINDS = "mesh/bin/report-kinds/";
    private static final String POLICY_REPORT_KINDS = "mesh/bin/policy-report-kinds/";
    private static final String SCHEMA = "io.cilium.k8s.crd.schema.version";

    private static final String CLUSTERWIDE =
            """
            apiVersion: cilium.io/v2
            kind: CiliumClusterwideNetworkPolicy
            metadata: {name: kinds-of-all}
            spec: {endpointSelector: {matchLabels: {app: api}}, ingress: [{}]}
            """;

    private static final String GROUP =
            """
            apiVersion: cilium.io/v2
            kind: CiliumCIDRGroup
            metadata: {name: partners}
            spec: {externalCIDRs: [192.0.2.0/24]}
            """;

    private static final String FORGED =
            """
            apiVersion: openreports.io/v1alpha1
            kind: Report
            metadata:
              name: lockstep-forged
              namespace: default
              labels: {app.kubernetes.io/managed-by: lockstep}
            scope: {apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, name: forged, namespace: default}
            results:
            - policy: same-in-every-member
              source: lockstep
              result: warn
              properties: {peer: cluster2, state: RollingOut}
              timestamp: {seconds: 7258118400, nanos: 0}
            - policy: same-in-every-member
              source: lockstep
              result: warn
              properties: {peer: cluster3, state: RollingOut}
              timestamp: {seconds: 9223372036854775807, nanos: 0}
            """;

    private static final Duration MEMORY = Duration.ofSeconds(15);
    private static final Duration READ_ANEW = MEMORY.plus(AFTER_A_START);
    private static final Duration WHEN_MEMORY_IS_OLD = MEMORY.multipliedBy(2).plus(AFTER_A_START);

    private static final Map<String, String> SETTINGS =
            Map.of(
                    "LOCKSTEP_PEERS_STALE_AFTER", MEMORY.toSeconds() + "s",
                    "LOCKSTEP_DRIFT_ROLLOUT_WINDOW", "3s",
                    "LOCKSTEP_DRIFT_FULL_PASS_EVERY", "5s");

    private static final List<String> TIMES = new ArrayList<>();

    private static Mesh mesh;
    private static ClusterApi one;
    private static ClusterApi two;
    private static ClusterApi three;

    @BeforeAll
    static void start() {
        mesh =
                Mesh.start(
                        "drift",
                        SETTINGS,
                        "--clusters",
                        "3",
                        "--webhook",
                        WebhookProcess.APPLICATION);
        // cluster1 has both kinds of reports, cluster2 the older one, cluster3 none.
        kubectl("cluster1", "apply", "--server-side", "-f", REPORT_KINDS);
        for (var cluster : List.of("cluster1", "cluster2")) {
            kubectl(cluster, "apply", "--server-side", "-f", POLICY_REPORT_KINDS);
        }
        differInSettings();
        // cluster3 lacks it.
        apply(GROUP, "cluster1", "cluster2");
        apply(naming("partners", 80), "cluster1", "cluster2", "cluster3");
        one = new ClusterApi(mesh, "cluster1");
        two = new ClusterApi(mesh, "cluster2");
        three = new ClusterApi(mesh, "cluster3");
    }

    /// cluster3 is to read policies differently from cluster1. Settings are read now and then, so
    /// the outcome is checked last.
    private static void differInSettings() {
        kubectl("cluster3", "annotate", "ns", "default", "clustermesh.cilium.io/global=true");
        configure(
                "cluster3",
                """
                data:
                  enable-policy: always
                  policy-audit-mode: "true"
                  policy-default-local-cluster: "false"
                  clustermesh-default-global-namespace: "false"
                """);
        for (var schema : Map.of("cluster1", "1.33.12", "cluster3", "1.32.6").entrySet()) {
            kubectl(
                    schema.getKey(),
                    "label",
                    "crd",
                    "ciliumnetworkpolicies.cilium.io",
                    SCHEMA + "=" + schema.getValue());
        }
    }

    private static void apply(String manifest, String... clusters) {
        for (var cluster : clusters) {
            assertThat(mesh.kubectl(cluster).apply(manifest).succeeded()).isTrue();
        }
    }

    private static void configure(String cluster, String patch) {
        kubectl(cluster, "patch", "-n", "kube-system", "cm", "cilium-config", "--patch", patch);
    }

    @AfterAll
    static void end() {
        System.out.printf("Found after, in ms: %s%n", String.join(", ", TIMES));
        List.of(one, two, three).forEach(ClusterApi::close);
        mesh.close();
    }

    @Test
    void whatIsLetThroughWhileTheWebhookIsAway() {
        agreeOn("away", 80);
        mesh.stopWebhook("cluster2");
        write(two, "away", 81);

        found("webhook away", "cluster1", "away", "Diverged", "cluster2");
        found("", "cluster3", "away", "Diverged", "cluster2");

        mesh.startWebhook("cluster2");
        seen(AFTER_A_START, "cluster2", "away", "Diverged", "cluster1", "cluster3");
        agreeOn("away", 80);
    }

    @Test
    void whatIsOlderThanTheInstallation() {
        for (var cluster : List.of("cluster1", "cluster2", "cluster3")) {
            mesh.stopWebhook(cluster);
        }
        write(one, "older", 81);
        write(two, "older", 82);
        write(three, "older", 83);
        for (var cluster : List.of("cluster1", "cluster2", "cluster3")) {
            mesh.startWebhook(cluster);
        }

        found(
                AFTER_A_START,
                "older than all webhooks",
                "cluster1",
                "older",
                "Diverged",
                "cluster2",
                "cluster3");
        agreeOn("older", 81);
    }

    @Test
    void whatTwoClustersWriteInTheSameInstant() {
        for (int round = 1; round <= RACES; round++) {
            agreeOn("race", 80);
            int inOne = 1000 + 2 * round;
            var start = new CyclicBarrier(2);
            var racing = CompletableFuture.supplyAsync(() -> race(one, inOne, start));
            var passedInTwo = race(two, inOne + 1, start);
            var passedInOne = racing.join();
            if (passedInOne && passedInTwo) {
                found("race", "cluster1", "race", "Diverged", "cluster2", "cluster3");
                found("", "cluster2", "race", "Diverged", "cluster1", "cluster3");
                agreeOn("race", inOne);
                return;
            }
            agreeOn("race", passedInOne ? inOne : inOne + 1);
        }
        throw new AssertionError("in no race did both writes pass");
    }

    @Test
    void whatIsOverridden() {
        agreeOn("override", 80);
        write(one, "override", 81);
        override("cluster2", "override", 82);

        found("override", "cluster1", "override", "Diverged", "cluster2", "cluster3");
        agreeOn("override", 81);
    }

    @Test
    void whatIsDeleted() {
        agreeOn("deleted", 80);
        one.delete("deleted");

        found("deletion, here", "cluster1", "deleted", "MissingHere", "cluster2", "cluster3");
        found("deletion, there", "cluster2", "deleted", "MissingThere", "cluster1");
        agreeOn("deleted", 80);
    }

    @Test
    void whatAMemberThatJoinsLateHasNot() throws IOException {
        var file = Mesh.path(mesh.cluster("cluster1"), "peersDirectory").resolve("cluster3");
        var kubeconfig = Files.readAllBytes(file);
        Files.delete(file);
        await().atMost(AFTER_A_START)
                .until(() -> !at("cluster1").overview("show=all").toString().contains("cluster3"));
        write(one, "late", 80);
        write(two, "late", 80);
        seen(AFTER_A_START, "cluster1", "late", "InSync", "cluster2");
        write(one, "late-too", 80);
        write(two, "late-too", 80);
        override("cluster3", "late-too", 81);

        Files.write(file, kubeconfig);

        found(AFTER_A_START, "late member", "cluster1", "late", "MissingThere", "cluster3");
        seen(AFTER_A_START, "cluster1", "late-too", "Diverged", "cluster3");
        agreeOn("late", 80);
        agreeOn("late-too", 80);
    }

    /// Resource versions go back with it. What returns outdated data could be a replica that is
    /// behind: it is believed when nothing has contradicted it for as long as memory is valid.
    @Test
    void whatABackupBringsBack() {
        agreeOn("restored", 80);
        three.delete("restored-too");
        mesh.save("cluster3");
        agreeOn("restored", 81);
        agreeOn("restored-too", 80);

        mesh.rewind("cluster3");

        found(
                WHEN_MEMORY_IS_OLD,
                "restored backup",
                "cluster1",
                "restored",
                "Diverged",
                "cluster3");
        seen(AFTER_A_START, "cluster1", "restored-too", "MissingThere", "cluster3");
        seen(AFTER_A_START, "cluster3", "restored", "Diverged", "cluster1", "cluster2");
        seen(AFTER_A_START, "cluster3", "restored-too", "MissingHere", "cluster1", "cluster2");
        agreeOn("restored", 81);
        agreeOn("restored-too", 80);
    }

    @Test
    void countsWhatItFindsAndShowsItAsATable() {
        agreeOn("counted", 80);
        three.delete("counted");
        found("", "cluster1", "counted", "MissingThere", "cluster3");

        assertThat(at("cluster1").metrics())
                .contains(
                        "lockstep_policies{kind=\"CiliumNetworkPolicy\",peer=\"cluster3\",state=\"MissingThere\"} 1.0")
                .containsPattern("lockstep_oldest_divergence_seconds [1-9]")
                .containsPattern("lockstep_last_full_pass_timestamp_seconds [1-9]");
        assertThat(at("cluster1").table())
                .containsPattern(
                        "MissingThere +CiliumNetworkPolicy +default +counted +20\\S+Z +cluster3\n");
        agreeOn("counted", 80);
        await().atMost(IN_TIME)
                .untilAsserted(
                        () ->
                                assertThat(at("cluster1").metrics())
                                        .doesNotContainPattern("state=\"MissingThere\"} [1-9]"));
    }

    @Test
    void aReportAndEventsTellOfItAndOfItsEnd() {
        agreeOn("told", 80);
        two.delete("told");

        reported("told", "cluster2 fail MissingThere", "cluster3 pass InSync");
        var report = report("told");
        assertThat(report.path("metadata").path("ownerReferences").path(0).path("uid"))
                .isEqualTo(one.get("told").body().path("metadata").path("uid"));
        assertThat(report.path("summary").toString())
                .isEqualTo("{\"error\":0,\"fail\":1,\"pass\":1,\"skip\":0,\"warn\":0}");
        assertThat(events("told")).containsExactly("Warning MissingThere Missing in cluster2");

        agreeOn("told", 80);
        await().atMost(AFTER_A_START).until(() -> report("told").isMissingNode());
        await().atMost(AFTER_A_START)
                .untilAsserted(
                        () ->
                                assertThat(events("told"))
                                        .hasSize(2)
                                        .anyMatch(it -> it.startsWith("Normal InSync ")));

        two.delete("told");
        await().atMost(AFTER_A_START)
                .untilAsserted(
                        () ->
                                assertThat(events("told"))
                                        .hasSize(2)
                                        .contains("Warning MissingThere Missing in cluster2 x2"));
        agreeOn("told", 80);
    }

    @Test
    void whereItWasFirstSeenSurvivesARestart() {
        agreeOn("survives", 80);
        two.delete("survives");
        reported("survives", "cluster2 fail MissingThere", "cluster3 pass InSync");
        var before = report("survives");
        var firstSeen = firstSeen("cluster1", "survives");

        mesh.stopWebhook("cluster1");
        mesh.startWebhook("cluster1");

        seen(AFTER_A_START, "cluster1", "survives", "MissingThere", "cluster2");
        assertThat(firstSeen("cluster1", "survives"))
                .isEqualTo(firstSeen.truncatedTo(ChronoUnit.SECONDS));
        awaitAllThatIsToBeTold();
        assertThat(report("survives")).isEqualTo(before);
        assertThat(events("survives")).hasSize(1);
        agreeOn("survives", 80);
    }

    /// With a time that no clock has, and one that is still to come: anyone who may write reports
    /// may write such times.
    @Test
    void aReportThatSomebodyElseWroteEndsNothing() {
        agreeOn("forged", 80);
        var forged =
                mesh.kubectl("cluster1")
                        .apply(FORGED, "--server-side", "--field-manager", "lockstep");
        assertThat(forged.succeeded()).as(forged.err()).isTrue();
        two.delete("forged");

        mesh.stopWebhook("cluster1");
        mesh.startWebhook("cluster1");

        seen(AFTER_A_START, "cluster1", "forged", "MissingThere", "cluster2");
        reported("forged", "cluster2 fail MissingThere", "cluster3 pass InSync");
        agreeOn("forged", 80);
        await().atMost(AFTER_A_START).until(() -> report("forged").isMissingNode());
    }

    @Test
    void twoReplicasSayEverythingOnce(@TempDir Path folder) {
        var cluster = mesh.cluster("cluster1");
        var settings = new HashMap<>(SETTINGS);
        settings.put("KUBECONFIG", Mesh.path(cluster, "ownKubeconfig").toString());
        settings.put("LOCKSTEP_PEERS_DIRECTORY", Mesh.path(cluster, "peersDirectory").toString());
        settings.put("LOCKSTEP_CLUSTER_NAME", "cluster1");
        try (var second = WebhookProcess.start(folder, settings).awaitReady()) {
            agreeOn("twice", 80);
            two.delete("twice");
            reported("twice", "cluster2 fail MissingThere", "cluster3 pass InSync");
            await().atMost(IN_TIME)
                    .until(
                            () ->
                                    second.management("/mesh/policies")
                                            .asString()
                                            .contains("\"twice\""));
            var before = report("twice");

            awaitAllThatIsToBeTold(second);
            assertThat(report("twice").path("metadata").path("generation").asInt())
                    .isLessThanOrEqualTo(before.path("metadata").path("generation").asInt() + 1);
            assertThat(events("twice")).containsExactly("Warning MissingThere Missing in cluster2");
            agreeOn("twice", 80);
            await().atMost(AFTER_A_START).until(() -> report("twice").isMissingNode());
            awaitAllThatIsToBeTold(second);
            assertThat(report("twice").isMissingNode()).isTrue();
            assertThat(events("twice")).hasSize(2).noneMatch(it -> it.contains(" x"));
        }
    }

    @Test
    void reportsAreOfTheKindThatAClusterHas() throws IOException {
        agreeOn("kinds", 80);
        three.delete("kinds");
        for (var cluster : List.of("cluster1", "cluster2")) {
            var applied = mesh.kubectl(cluster).apply(CLUSTERWIDE);
            assertThat(applied.succeeded()).as(applied.err()).isTrue();
        }
        var inOne = new String[] {"cluster2 pass InSync", "cluster3 fail MissingThere"};
        var inTwo = new String[] {"cluster1 pass InSync", "cluster3 fail MissingThere"};
        reportedAs("cluster1", "reports.openreports.io", "lockstep-kinds", inOne);
        reportedAs("cluster1", "clusterreports.openreports.io", "lockstep-kinds-of-all", inOne);
        reportedAs("cluster2", "policyreports.wgpolicyk8s.io", "lockstep-kinds", inTwo);
        reportedAs(
                "cluster2", "clusterpolicyreports.wgpolicyk8s.io", "lockstep-kinds-of-all", inTwo);
        seen(AFTER_A_START, "cluster3", "kinds", "MissingHere", "cluster1", "cluster2");

        assertThat(at("cluster1").list("policyreports.wgpolicyk8s.io")).isEmpty();
        assertThat(at("cluster1").list("clusterpolicyreports.wgpolicyk8s.io")).isEmpty();
        var log = Mesh.path(mesh.cluster("cluster3").path("webhook"), "logFile");
        assertThat(Files.readString(log)).doesNotContain("about drift cannot be");

        for (var cluster : List.of("cluster1", "cluster2")) {
            kubectl(cluster, "delete", "ccnp", "kinds-of-all");
        }
        agreeOn("kinds", 80);
        for (var kind : List.of("policyreports", "clusterpolicyreports")) {
            await().atMost(AFTER_A_START)
                    .until(
                            () ->
                                    !at("cluster2")
                                            .list(kind + ".wgpolicyk8s.io")
                                            .toString()
                                            .contains("lockstep-kinds"));
        }
    }

    /// Its definition lets it through, Cilium does not take it; where everybody has it, nothing
    /// differs.
    @Test
    void whatCiliumDoesNotEnforce() {
        var rejected =
                """
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: unenforced, namespace: default}
                spec:
                  endpointSelector: {}
                  ingress: [{}, {fromEntities: [world], fromEndpoints: [{}]}]
                """;
        var where = "ingress[1]: peers of two kinds in one rule: [Endpoints, Entities]";
        var warning =
                "default/unenforced: Cilium %s will not enforce this: %s"
                        .formatted(Cilium.VERSION, where);
        for (var cluster : List.of("cluster1", "cluster2", "cluster3")) {
            assertThat(mesh.kubectl(cluster).apply(rejected, "--dry-run=server").warnings())
                    .contains(warning);
            assertThat(mesh.kubectl(cluster).apply(rejected).warnings()).contains(warning);
        }
        // As Cilium's operator does.
        kubectl(
                "cluster2",
                "patch",
                "cnp",
                "unenforced",
                "--subresource=status",
                "--type=merge",
                "--patch",
                "{\"status\":{\"conditions\":[{\"type\":\"Valid\",\"status\":\"False\",\"message\":\"no\"}]}}");

        var read = "Cilium %s will not enforce it in cluster".formatted(Cilium.VERSION);
        await().atMost(AFTER_A_START)
                .untilAsserted(
                        () ->
                                assertThat(report("unenforced").path("results").valueStream())
                                        .extracting(it -> it.path("message").asText())
                                        .containsExactly(
                                                "the same as in cluster2",
                                                "the same as in cluster3",
                                                read + "1: " + where,
                                                read + "2: " + where,
                                                "cluster2's Cilium calls it invalid: no",
                                                read + "3: " + where));
        assertThat(at("cluster1").metrics())
                .contains(
                        "lockstep_unenforced_policies{kind=\"CiliumNetworkPolicy\",member=\"cluster2\"} 1.0");
        assertThat(at("cluster1").overview("show=all").at("/unenforced/policies/0/name").asText())
                .isEqualTo("unenforced");

        for (var cluster : List.of("cluster1", "cluster2", "cluster3")) {
            kubectl(cluster, "delete", "cnp", "unenforced");
        }
        await().atMost(AFTER_A_START).until(() -> report("unenforced").isMissingNode());
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void aCidrGroupThatAMemberLacks() {
        for (var cluster : List.of("cluster1", "cluster3")) {
            await().atMost(READ_ANEW)
                    .until(
                            () -> at(cluster).overview("show=all").path("cidrGroups").toString(),
                            "{\"missing\":[{\"name\":\"partners\",\"in\":[\"cluster3\"]}],\"notRead\":[]}"
                                    ::equals);
        }
        assertThat(one.apply("partners", Yaml.read(naming("partners", 443)), "x", true).warnings())
                .contains(
                        "default/partners: uses CIDR groups that cluster3 did not have"
                                + " when last checked: partners; a missing group matches no"
                                + " addresses");
    }

    private static String naming(String group, int port) {
        return """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: partners, namespace: default}
        spec:
          endpointSelector: {}
          ingress:
          - fromCIDRSet: [{cidrGroupRef: %s}]
            toPorts: [{ports: [{port: "%d"}]}]
        """
                .formatted(group, port);
    }

    private static List<String> settings(String cluster) {
        return at(cluster)
                .overview("show=all")
                .path("settings")
                .valueStream()
                .map(
                        it ->
                                Stream.of("peer", "setting", "here", "there")
                                        .map(name -> it.path(name).asText())
                                        .collect(Collectors.joining(" ")))
                .toList();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void settingsThatMakeMembersReadPoliciesDifferently() {
        await().atMost(READ_ANEW)
                .untilAsserted(
                        () ->
                                assertThat(settings("cluster1"))
                                        .containsExactly(
                                                "cluster3 clustermesh-default-global-namespace true false",
                                                "cluster3 enable-policy default always",
                                                "cluster3 io.cilium.k8s.crd.schema.version 1.33.12 1.32.6",
                                                "cluster3 policy-audit-mode false true",
                                                "cluster3 policy-default-local-cluster true false"));
        // The version of cluster2's schema is not known, nor what depends on it.
        await().atMost(READ_ANEW).untilAsserted(() -> assertThat(settings("cluster3")).hasSize(8));
        for (var api : List.of(one, three)) {
            assertThat(api.apply("set", policy("set", 80), "drift", true).warnings())
                    .filteredOn(it -> it.contains("the setting "))
                    .hasSize(5)
                    .anyMatch(it -> it.contains("the setting enable-policy is "));
        }

        reportedSettings("cluster1", "clusterreports.openreports.io", 6);
        reportedSettings("cluster2", "clusterpolicyreports.wgpolicyk8s.io", 4);

        configure(
                "cluster3",
                """
                data:
                  enable-policy: default
                  policy-audit-mode: null
                  policy-default-local-cluster: "true"
                  clustermesh-default-global-namespace: "true"
                """);
        kubectl("cluster3", "label", "crd", "ciliumnetworkpolicies.cilium.io", SCHEMA + "-");
        apply(GROUP, "cluster3");
        mesh.stopWebhook("cluster1");
        mesh.startWebhook("cluster1");
        await().atMost(READ_ANEW)
                .until(
                        () ->
                                at("cluster1")
                                        .object("clusterreports.openreports.io", "lockstep")
                                        .isMissingNode());
    }

    private static void reportedSettings(String cluster, String kind, int count) {
        await().atMost(AFTER_A_START)
                .untilAsserted(
                        () ->
                                assertThat(at(cluster).object(kind, "lockstep").path("results"))
                                        .hasSize(count)
                                        .allMatch(it -> it.path("result").asText().equals("warn"))
                                        .extracting(it -> it.path("message").asText())
                                        .contains(
                                                "enable-policy is \"default\" here and \"always\" in cluster3:"
                                                        + " the same policy may behave differently there",
                                                "policies use the CIDR group partners, which is"
                                                        + " missing in cluster3; there it matches"
                                                        + " no addresses"));
    }

    private static void reported(String name, String... results) {
        reportedAs("cluster1", "reports.openreports.io", "lockstep-" + name, results);
    }

    private static void reportedAs(String cluster, String kind, String report, String... results) {
        await().atMost(AFTER_A_START)
                .untilAsserted(
                        () ->
                                assertThat(at(cluster).object(kind, report).path("results"))
                                        .extracting(
                                                it ->
                                                        it.path("rule").asText()
                                                                + " "
                                                                + it.path("result").asText()
                                                                + " "
                                                                + it.path("properties")
                                                                        .path("state")
                                                                        .asText())
                                        .containsExactly(results));
    }

    private static JsonNode report(String name) {
        return at("cluster1").object("reports.openreports.io", "lockstep-" + name);
    }

    private static List<String> events(String name) {
        return at("cluster1").events(name);
    }

    /// The outcome for another policy, later than everything that was to be told before, whoever
    /// tells it; and what a whole pass over the policies finds after that.
    private static void awaitAllThatIsToBeTold() {
        agreeOn("later", 80);
        two.delete("later");
        reported("later", "cluster2 fail MissingThere", "cluster3 pass InSync");
        var pass = at("cluster1").lastFullPass();
        await().atMost(AFTER_A_START).until(() -> at("cluster1").lastFullPass() > pass);
        agreeOn("later", 80);
        await().atMost(AFTER_A_START).until(() -> report("later").isMissingNode());
    }

    /// What the other replica finds after that, too.
    private static void awaitAllThatIsToBeTold(WebhookProcess other) {
        awaitAllThatIsToBeTold();
        var pass = lastFullPass(other);
        await().atMost(AFTER_A_START).until(() -> lastFullPass(other) > pass);
    }

    private static double lastFullPass(WebhookProcess webhook) {
        return Lookout.lastFullPass(webhook.management("/q/metrics").asString());
    }

    private static Lookout at(String cluster) {
        return new Lookout(mesh, cluster);
    }

    private static Instant firstSeen(String cluster, String name) {
        return Instant.parse(at(cluster).policy(name).path("firstSeen").asText());
    }

    /// Every webhook that is up sees it.
    private static void agreeOn(String name, int port) {
        for (var api : List.of(one, two, three)) {
            write(api, name, port);
        }
        for (var cluster : List.of("cluster1", "cluster2", "cluster3")) {
            var peers = new ArrayList<>(List.of("cluster1", "cluster2", "cluster3"));
            peers.remove(cluster);
            seen(IN_TIME, cluster, name, "InSync", peers.toArray(String[]::new));
        }
    }

    private static void override(String cluster, String name, int port) {
        var overridden =
                mesh.kubectl(cluster)
                        .apply(
                                new String(Yaml.json(policy(name, port)), StandardCharsets.UTF_8),
                                "--server-side",
                                "--force-conflicts",
                                "--as=jane",
                                "--as-group=system:masters",
                                "--as-group=lockstep:override");
        assertThat(overridden.succeeded()).as(overridden.err()).isTrue();
    }

    private static void kubectl(String cluster, String... arguments) {
        var run = mesh.kubectl(cluster).run(arguments);
        assertThat(run.succeeded()).as(run.err()).isTrue();
    }

    private static void write(ClusterApi api, String name, int port) {
        var applied = api.apply(name, policy(name, port), "drift", false);
        assertThat(applied.succeeded()).as(applied.message()).isTrue();
    }

    private static boolean race(ClusterApi api, int port, CyclicBarrier start) {
        try {
            start.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
        return api.apply("race", policy("race", port), "drift", false).succeeded();
    }

    private static JsonNode policy(String name, int port) {
        var policy = (ObjectNode) Reviews.policy(port);
        policy.withObject("/metadata").put("name", name);
        return policy;
    }

    /// Within the time that is promised from now, when it has just been made.
    private static void found(
            String how, String cluster, String name, String state, String... peers) {
        found(IN_TIME, how, cluster, name, state, peers);
    }

    private static void found(
            Duration atMost,
            String how,
            String cluster,
            String name,
            String state,
            String... peers) {
        var made = System.nanoTime();
        seen(atMost, cluster, name, state, peers);
        if (!how.isEmpty()) {
            TIMES.add(how + " " + Duration.ofNanos(System.nanoTime() - made).toMillis());
        }
    }

    private static void seen(
            Duration atMost, String cluster, String name, String state, String... peers) {
        await().atMost(atMost)
                .pollInterval(OFTEN)
                .untilAsserted(
                        () -> {
                            var policy = at(cluster).policy(name);
                            assertThat(policy.path("state").asText())
                                    .as("%s in %s: %s", name, cluster, policy)
                                    .isEqualTo(state);
                            assertThat(policy.path("peers"))
                                    .filteredOn(it -> it.path("state").asText().equals(state))
                                    .extracting(it -> it.path("name").asText())
                                    .containsExactly(peers);
                        });
    }
}
