package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A rollout to three clusters of stubs, whose webhooks say what a test has them say.
class ApplyTest {

    private static final String API =
            "apis/cilium.io/v2/namespaces/default/ciliumnetworkpolicies/allow-api";
    private static final String REFUSAL =
            "admission webhook \"policies.lockstep.mesh\" denied the request: not with me [Differs].";
    private static final String DRY = "PATCH .*dryRun=All.*";
    private static final String REAL = "PATCH .*/allow-api[?]field.*";

    @TempDir private Path folder;
    private StubMesh mesh;

    @BeforeEach
    void threeClusters() {
        mesh = new StubMesh(folder, 3);
    }

    @AfterEach
    void end() {
        mesh.close();
    }

    @Test
    void appliesToOneClusterAfterTheOtherAndReadsBack() throws IOException {
        mesh.cluster(2).put(API, json(80));
        mesh.cluster(3).put(API, json(8080));

        var ran = apply(policy("allow-api", 8080));

        assertThat(ran.out())
                .isEqualTo(
                        """
                        CiliumNetworkPolicy default/allow-api, from %s
                          1 of 3: cluster1: created
                          2 of 3: cluster2: changed
                          3 of 3: cluster3: unchanged
                        1 policy, 3 clusters: 1 created, 1 changed, 1 unchanged
                        """
                                .formatted(file()));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(
                        mesh.cluster(1)
                                .object(API)
                                .at("/spec/ingress/0/toPorts/0/ports/0/port")
                                .asText())
                .isEqualTo("8080");
        assertThat(mesh.cluster(1).changes())
                .containsExactly("PATCH " + API + "?fieldValidation=Strict&fieldManager=kubectl");
        assertThat(mesh.cluster(2).asked.getLast()).isEqualTo("GET " + API);
        assertThat(mesh.cluster(3).changes()).isEmpty();
    }

    @Test
    void whereOneWouldRefuseNothingIsChangedAnywhere() throws IOException {
        mesh.cluster(3).answers.put(DRY, StubCluster.status(403, REFUSAL));

        var ran = apply(policy("allow-db", 80) + "---\n" + policy("allow-api", 80));

        assertThat(ran.out()).contains("3 of 3: cluster3: would be refused\n    " + REFUSAL + "\n");
        assertThat(ran.err()).isEqualTo("nothing was applied\n");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(changes()).isEmpty();
    }

    /// cluster1 goes from its second version to the third; cluster2 goes there at once.
    @Test
    void aClusterThatIsBehindOneThatIsCorrectedIsJudgedInItsTurn() throws IOException {
        mesh.cluster(1).put(API, json(81));
        mesh.cluster(2).put(API, json(80));
        mesh.cluster(3).put(API, json(80));
        mesh.cluster(1)
                .warnings
                .add("default/allow-api: 2 members behind: cluster2, cluster3 [Earlier]");
        mesh.cluster(2).answers.put(DRY, StubCluster.status(403, REFUSAL));

        var ran = apply(policy("allow-api", 82), "--dry-run");

        assertThat(ran.out())
                .contains(
                        "2 of 3: cluster2: would change\n    as soon as those before have it\n",
                        "1 policy, 3 clusters: 3 would change\n");
        assertThat(ran.code()).isZero();
        assertThat(changes()).isEmpty();
        mesh.cluster(1).answers.put(DRY, StubCluster.status(403, REFUSAL));
        assertThat(apply(policy("allow-api", 82)).code()).isEqualTo(1);
        assertThat(changes()).isEmpty();
    }

    /// The level may be strict: what the clusters hold does not explain it.
    @Test
    void aRefusalThatTheRulesDoNotExplainStands() throws IOException {
        for (var cluster : mesh.clusters) {
            cluster.put(API, json(80));
        }
        mesh.cluster(2).answers.put(DRY, StubCluster.status(403, REFUSAL));

        assertThat(apply(policy("allow-api", 81)).code()).isEqualTo(1);
        assertThat(changes()).isEmpty();
    }

    @Test
    void whereNoWebhookSpeaksTheRulesJudge() throws IOException {
        mesh.cluster(1).put(API, json(80));
        mesh.cluster(2).put(API, json(81));

        var fork = apply(policy("allow-api", 82));

        assertThat(fork.out())
                .contains(
                        "cluster1: would be refused\n    CiliumNetworkPolicy default/allow-api would differ from cluster2 [Differs].");
        assertThat(fork.code()).isEqualTo(1);
        assertThat(changes()).isEmpty();
        assertThat(apply(policy("allow-api", 82), "--level=warn").code()).isZero();
    }

    @Test
    void stopsWhereItIsRefusedAndGoesOnWhenRepeated() throws IOException {
        mesh.cluster(1).put(API, json(80));
        mesh.cluster(2).answers.put(REAL, StubCluster.status(403, REFUSAL));
        var files = policy("allow-api", 81) + "---\n" + policy("allow-db", 80);

        var stopped = apply(files);

        assertThat(stopped.out())
                .contains(
                        """
                          1 of 3: cluster1: changed
                          2 of 3: cluster2: refused
                            %s
                          3 of 3: cluster3: not applied
                        """
                                .formatted(REFUSAL))
                .endsWith("2 policies, 3 clusters: 1 changed, 1 refused, 4 not applied\n");
        assertThat(stopped.err())
                .contains(
                        "stopped at cluster2, with default/allow-api; applied in: cluster1; not applied in: cluster3\n",
                        "To go on, repeat the command",
                        "To go back, apply what it was before with --contexts cluster1");
        assertThat(stopped.code()).isEqualTo(1);

        var repeated = apply(files);

        assertThat(repeated.out())
                .contains("cluster1: unchanged", "cluster2: created", "cluster3: created");
        assertThat(repeated.code()).isZero();
        assertThat(mesh.cluster(1).changes()).filteredOn(it -> it.contains("allow-api")).hasSize(1);
    }

    @Test
    void rightsThatAreMissingAndConflictsAreErrors() throws IOException {
        mesh.cluster(2)
                .answers
                .put(DRY, StubCluster.status(403, "User \"me\" cannot create resource"));
        var forbidden = apply(policy("allow-api", 80));
        assertThat(forbidden.out())
                .contains(
                        "cluster2: would fail\n    not allowed to create ciliumnetworkpolicies (403)\n");
        assertThat(forbidden.code()).isEqualTo(2);

        mesh.cluster(2)
                .answers
                .put(DRY, StubCluster.status(409, "Apply failed with 1 conflict: x"));
        assertThat(apply(policy("allow-api", 80)).out())
                .contains("    Apply failed with 1 conflict: x\n    --force-conflicts takes over");
        assertThat(changes()).isEmpty();
        assertThat(
                        apply(policy("allow-api", 80), "--force-conflicts", "--field-manager=a b")
                                .code())
                .isZero();
        assertThat(mesh.cluster(3).changes().getFirst()).endsWith("fieldManager=a%20b&force=true");
    }

    /// Else "done" would be said of a policy that nobody wrote.
    @Test
    void whatOthersWroteAndTheFileDoesNotHaveIsFoundBefore() throws IOException {
        mesh.cluster(2).put(API, json(80).replace("\"ingress\"", "\"egress\":[{}],\"ingress\""));

        var ran = apply(policy("allow-api", 80), "--contexts=cluster2");

        assertThat(ran.out())
                .contains("cluster2: would fail\n    it would still hold", "egress")
                .contains("kubectl --context cluster2 replace -f " + file());
        assertThat(ran.code()).isEqualTo(2);
        assertThat(changes()).isEmpty();
    }

    @Test
    void whatIsNotHeldAfterItWasAppliedIsNotCalledDone() throws IOException {
        mesh.cluster(1)
                .answers
                .put(REAL, new StubCluster.Reply(200, new ObjectMapper().createObjectNode()));

        var ran = apply(policy("allow-api", 80));

        assertThat(ran.out())
                .contains("1 of 3: cluster1: failed\n    was applied, but it cannot be read back");
        assertThat(ran.code()).isEqualTo(2);
    }

    @Test
    void aWebhookThatAsksForPatienceIsAskedAgain() throws IOException {
        mesh.cluster(1).answers.put(REAL, StubCluster.status(429, "later"));

        assertThat(apply(policy("allow-api", 80)).code()).isZero();
    }

    @Test
    void nothingButPoliciesIsApplied() throws IOException {
        var ran =
                apply(
                        policy("allow-api", 80)
                                + "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}\n");

        assertThat(ran.err())
                .isEqualTo(
                        "error: only Cilium network policies are applied: %s has ConfigMap settings\n"
                                .formatted(file()));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(apply(policy("allow-api", 80) + "---\n" + policy("allow-api", 81)).err())
                .contains("has a second CiliumNetworkPolicy default/allow-api");
        assertThat(apply("---\n").err()).contains("there is no Cilium network policy");
        assertThat(mesh.run("apply", "--contexts=cluster1").err()).contains("name files with -f");
        assertThat(mesh.clusters).allMatch(it -> it.asked.isEmpty());
    }

    @Test
    void whereOneDoesNotAnswerNothingIsChanged() throws IOException {
        mesh.cluster(3).close();

        var ran = apply(policy("allow-api", 80));

        assertThat(ran.err())
                .startsWith("cluster3: connection refused\nerror: nothing was applied: 1 of 3");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(mesh.cluster(1).changes()).isEmpty();
        assertThat(apply(policy("allow-api", 80), "--contexts=cluster1,cluster2").code()).isZero();
    }

    @Test
    void programsReadTheSameAndWarningsAreSaidOnce() throws IOException {
        mesh.cluster(2).warnings.addAll(List.of("careful", "careful"));

        var ran = apply(policy("allow-api", 80), "--dry-run", "-o", "json");

        var json = new ObjectMapper().readTree(ran.out());
        assertThat(json.path("applied").asBoolean()).isFalse();
        assertThat(json.at("/policies/0/clusters/1/outcome").asText()).isEqualTo("created");
        assertThat(ran.err()).isEqualTo("cluster2: Warning: careful\n");
        var real = apply(policy("allow-api", 80), "-o", "yaml");
        assertThat(real.out()).contains("applied: true");
        assertThat(real.err()).isEqualTo("cluster2: Warning: careful\n");
    }

    private Ran apply(String manifests, String... options) throws IOException {
        Files.writeString(file(), manifests);
        var arguments = new ArrayList<>(List.of("apply", "-f", file().toString()));
        arguments.addAll(List.of(options));
        if (arguments.stream().noneMatch(it -> it.startsWith("--contexts"))) {
            arguments.add("--contexts=cluster*");
        }
        return mesh.run(arguments.toArray(String[]::new));
    }

    private Path file() {
        return folder.resolve("policies.yaml");
    }

    private List<String> changes() {
        return mesh.clusters.stream().flatMap(it -> it.changes().stream()).toList();
    }

    private static String json(int port) {
        return "{\"apiVersion\":\"cilium.io/v2\",\"kind\":\"CiliumNetworkPolicy\",\"metadata\":{\"name\":\"allow-api\",\"namespace\":\"default\"},\"spec\":{\"endpointSelector\":{\"matchLabels\":{\"app\":\"api\"}},\"ingress\":[{\"toPorts\":[{\"ports\":[{\"port\":\"%d\",\"protocol\":\"TCP\"}]}]}]}}"
                .formatted(port);
    }

    private static String policy(String name, int port) {
        return json(port).replace("allow-api", name) + "\n";
    }
}
