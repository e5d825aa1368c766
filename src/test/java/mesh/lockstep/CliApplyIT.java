package mesh.lockstep;

import static mesh.lockstep.support.Policies.manifest;
import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Lockstep;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kubectl lockstep apply` on three real clusters with a webhook in each.
class CliApplyIT {

    private static final Mesh MESH = Mesh.shared();
    private static final List<String> CLUSTERS = List.of("cluster1", "cluster2", "cluster3");
    private static final String ALL = "--contexts=" + String.join(",", CLUSTERS);

    private static final String PORT = "jsonpath={.spec.ingress[0].toPorts[0].ports[0].port}";

    /// Takes dry runs, and nothing that is to be stored.
    private static final String ONLY_DRY_RUNS =
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: only-dry-runs}
            spec:
              matchConstraints:
                resourceRules:
                - apiGroups: [cilium.io]
                  apiVersions: [v2]
                  operations: [CREATE, UPDATE]
                  resources: [ciliumnetworkpolicies]
              validations: [{expression: request.dryRun, message: not today}]
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: only-dry-runs}
            spec: {policyName: only-dry-runs, validationActions: [Deny]}
            """;

    @TempDir private static Path folder;

    @AfterEach
    void takeThePoliciesAway() {
        for (var cluster : CLUSTERS) {
            kubectl(cluster).run("delete", "cnp", "--all", "--namespace", "default");
        }
    }

    @Test
    void rollsOutToAllInTheirOrderAndWritesNothingTwice() {
        var created = apply(manifest("rolled", 80) + "---\n" + manifest("second", 80));

        assertThat(created.out())
                .isEqualTo(
                        """
                        CiliumNetworkPolicy default/rolled, from standard input
                          1 of 3: cluster1: created
                          2 of 3: cluster2: created
                          3 of 3: cluster3: created
                        CiliumNetworkPolicy default/second, from standard input
                          1 of 3: cluster1: created
                          2 of 3: cluster2: created
                          3 of 3: cluster3: created
                        2 policies, 3 clusters: 6 created
                        """);
        assertThat(created.err())
                .startsWith(
                        "cluster1: Warning: default/rolled: 2 members do not have it: cluster2, cluster3 [Missing]\n");
        assertThat(created.exitCode()).isZero();
        var before = versions("rolled");

        var again = apply(manifest("rolled", 80));
        assertThat(again.out()).endsWith("1 policy, 3 clusters: 3 unchanged\n");
        assertThat(again.exitCode()).isZero();
        assertThat(versions("rolled")).isEqualTo(before);

        var changed = apply(manifest("rolled", 81));
        assertThat(changed.out()).endsWith("1 policy, 3 clusters: 3 changed\n");
        assertThat(changed.exitCode()).isZero();
        assertThat(ports("rolled")).isEqualTo("81 81 81");
    }

    @Test
    void aDryRunAndWhatAnyOneRefusesChangeNothingAnywhere() {
        assertThat(apply(manifest("refused", 80), "--contexts=cluster1").exitCode()).isZero();
        awaitRemembered("cluster2", manifest("refused", 80), "1 member does not have it: cluster3");
        var both = manifest("fine", 80) + "---\n" + manifest("refused", 81);

        var dry = apply(manifest("fine", 80), ALL, "--dry-run", "-o", "json");
        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertThat(dry.out()).contains("\"applied\" : false", "\"created\"");
        var refused = apply(both, "--contexts=cluster3,cluster2");

        assertThat(refused.out())
                .contains(
                        "cluster3: would be created\n",
                        "cluster2: would be refused\n    admission webhook \"policies.lockstep.mesh\" denied the request: CiliumNetworkPolicy default/refused would differ from cluster1 [Differs].\n");
        assertThat(refused.err()).endsWith("nothing was applied\n");
        assertThat(refused.exitCode()).isEqualTo(1);
        for (var cluster : CLUSTERS) {
            assertThat(kubectl(cluster).run("get", "cnp", "fine").err()).contains("NotFound");
        }
        assertThat(ports("refused").strip()).isEqualTo("80");
    }

    /// cluster2 would refuse the third version now, since cluster1 has moved on to the second.
    @Test
    void aRolloutIsCorrectedMidway() {
        assertThat(apply(manifest("midway", 80)).exitCode()).isZero();
        assertThat(apply(manifest("midway", 81), "--contexts=cluster1").exitCode()).isZero();
        awaitRefused("cluster2", manifest("midway", 82));

        var corrected = apply(manifest("midway", 82));

        assertThat(corrected.out()).endsWith("1 policy, 3 clusters: 3 changed\n");
        assertThat(corrected.exitCode()).isZero();
        assertThat(ports("midway")).isEqualTo("82 82 82");
    }

    @Test
    void stopsWhereItIsRefusedMidwayAndGoesOnWhenRepeated() {
        assertThat(apply(manifest("stopped", 80)).exitCode()).isZero();
        assertThat(kubectl("cluster2").apply(ONLY_DRY_RUNS).succeeded()).isTrue();
        try {
            var probe = manifest("x", 80).replace("name: x,", "generateName: probe-,");
            await().atMost(SOON)
                    .until(
                            () ->
                                    !kubectl("cluster2")
                                            .runWithInput(probe, "create", "-f", "-")
                                            .succeeded());

            var stopped = apply(manifest("stopped", 81));

            assertThat(stopped.out())
                    .contains(
                            "  1 of 3: cluster1: changed\n  2 of 3: cluster2: refused\n",
                            "not today",
                            "  3 of 3: cluster3: not applied\n")
                    .endsWith("1 policy, 3 clusters: 1 changed, 1 refused, 1 not applied\n");
            assertThat(stopped.err())
                    .contains("To go on, repeat the command", "with --contexts cluster1:");
            assertThat(stopped.exitCode()).isEqualTo(1);
            assertThat(ports("stopped")).isEqualTo("81 80 80");
        } finally {
            kubectl("cluster2").runWithInput(ONLY_DRY_RUNS, "delete", "-f", "-");
        }
        await().atMost(SOON)
                .until(
                        () ->
                                kubectl("cluster2")
                                        .run("annotate", "cnp", "stopped", "open=1", "--overwrite")
                                        .succeeded());

        var repeated = apply(manifest("stopped", 81));

        assertThat(repeated.out())
                .endsWith("1 policy, 3 clusters: 2 changed, 1 unchanged\n")
                .contains("cluster1: unchanged");
        assertThat(ports("stopped")).isEqualTo("81 81 81");
    }

    @Test
    void whatOneMayNotWriteIsKnownBefore() throws IOException {
        var config = (ObjectNode) Yaml.read(MESH.kubeconfig());
        for (var user : config.path("users")) {
            if (user.path("name").asText().equals("cluster2")) {
                ((ObjectNode) user.path("user")).put("as", "reader");
            }
        }
        var file = Files.writeString(folder.resolve("reader"), Yaml.write(config));
        kubectl("cluster2")
                .run("create", "clusterrole", "cnp-reader", "--verb=get", "--resource=cnp");
        kubectl("cluster2")
                .run(
                        "create",
                        "clusterrolebinding",
                        "cnp-reader",
                        "--clusterrole=cnp-reader",
                        "--user=reader");
        await().atMost(SOON)
                .until(
                        () ->
                                kubectl("cluster2")
                                        .run("get", "cnp", "x", "--as=reader")
                                        .err()
                                        .contains("NotFound"));

        var ran =
                new Lockstep(file.toString())
                        .runWithInput(manifest("rights", 80), "apply", "-f", "-", ALL);

        assertThat(ran.out())
                .contains(
                        "cluster1: would be created\n",
                        "cluster2: would fail\n    not allowed to patch ciliumnetworkpolicies (403)\n");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(kubectl("cluster1").run("get", "cnp", "rights").err()).contains("NotFound");
    }

    @Test
    void whatNoApiServerTakesIsKnownBefore() {
        var unknown = manifest("invalid", 80).replace("  ingress:", "  ingres: []\n  ingress:");
        var typed = apply(unknown);
        assertThat(typed.out()).contains("cluster3: would fail", "ingres");
        assertThat(typed.exitCode()).isEqualTo(2);
        var nowhere = apply(manifest("nowhere", 80).replace("default", "not-there"));
        assertThat(nowhere.out()).contains("namespaces \"not-there\" not found");
        assertThat(nowhere.exitCode()).isEqualTo(2);

        var settings = "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}\n";
        var other = apply(manifest("invalid", 80) + settings);
        assertThat(other.err())
                .isEqualTo(
                        "error: only Cilium network policies are applied: standard input has ConfigMap settings\n");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(ports("invalid")).isBlank();
    }

    /// kubectl has noted itself as the author, and kubectl is who goes on by default.
    @Test
    void whatKubectlAppliedIsGoneOnWithAndOthersNeedForce() {
        for (var cluster : CLUSTERS) {
            assertThat(kubectl(cluster).apply(manifest("handed", 80)).succeeded()).isTrue();
        }

        var stranger = apply(manifest("handed", 81), "--field-manager=stranger");
        assertThat(stranger.out())
                .contains("cluster1: would fail\n    Apply failed with 1 conflict")
                .contains("--force-conflicts takes over");
        assertThat(stranger.exitCode()).isEqualTo(2);
        assertThat(ports("handed")).isEqualTo("80 80 80");
        var kubectl = apply(manifest("handed", 81));
        assertThat(kubectl.exitCode()).as(kubectl.out()).isZero();
        var forced = apply(manifest("handed", 82), "--field-manager=stranger", "--force-conflicts");
        assertThat(forced.exitCode()).as(forced.out()).isZero();
        assertThat(ports("handed")).isEqualTo("82 82 82");
    }

    /// Server-side apply alone would leave the rules that the file no longer has.
    @Test
    void whatOthersWroteIsNeverCalledDone() {
        var open = manifest("owned", 80) + "  egress: [{}]\n";
        for (var cluster : CLUSTERS) {
            assertThat(kubectl(cluster).apply(open).succeeded()).isTrue();
        }

        var ran = apply(manifest("owned", 80));

        assertThat(ran.out()).contains("cluster1: would fail\n", "egress", "replace -f -\n");
        assertThat(ran.exitCode()).isEqualTo(2);

        assertThat(apply(open + "  description: same\n").exitCode()).isZero();
    }

    private static Kubectl.Output apply(String manifests, String... options) {
        var arguments = new ArrayList<>(List.of("apply", "-f", "-"));
        arguments.addAll(List.of(options));
        if (arguments.stream().noneMatch(it -> it.startsWith("--contexts"))) {
            arguments.add(ALL);
        }
        return new Lockstep(MESH.kubeconfig().toString())
                .runWithInput(manifests, arguments.toArray(String[]::new));
    }

    private static Kubectl kubectl(String cluster) {
        return MESH.kubectl(cluster);
    }

    private static Map<String, String> versions(String name) {
        var versions = new TreeMap<String, String>();
        for (var cluster : CLUSTERS) {
            var version = "jsonpath={.metadata.resourceVersion}";
            versions.put(cluster, kubectl(cluster).run("get", "cnp", name, "-o", version).out());
        }
        return versions;
    }

    /// What each cluster has, divided by spaces.
    private static String ports(String name) {
        return String.join(
                " ",
                CLUSTERS.stream()
                        .map(it -> kubectl(it).run("get", "cnp", name, "-o", PORT).out())
                        .toList());
    }

    private static void awaitRemembered(String cluster, String policy, String warning) {
        await().atMost(SOON)
                .until(
                        () ->
                                dryRun(cluster, policy).warnings().stream()
                                        .anyMatch(it -> it.contains(warning)));
    }

    private static void awaitRefused(String cluster, String policy) {
        await().atMost(SOON).until(() -> dryRun(cluster, policy).err().contains("has moved on"));
    }

    private static Kubectl.Output dryRun(String cluster, String policy) {
        return kubectl(cluster)
                .apply(policy, "--server-side", "--force-conflicts", "--dry-run=server");
    }
}
