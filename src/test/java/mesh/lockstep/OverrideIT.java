package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import mesh.lockstep.support.Document;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Kubectl.Output;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The override as an ordinary user meets it, whose rights all come from a group: by the words of
/// the documents and by what the component grants.
@TestMethodOrder(OrderAnnotation.class)
class OverrideIT {

    private static final Mesh MESH = Mesh.shared();
    private static final List<String> CLUSTERS = List.of("cluster1", "cluster2", "cluster3");

    /// An account has the groups of its kind and namespace, from which it gets its rights here.
    private static final String ACCOUNT = "system:serviceaccount:people:alice";

    private static final String ALICES_RIGHTS =
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: people}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: alice, namespace: people}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: people}
            rules:
            - apiGroups: [cilium.io]
              resources: [ciliumnetworkpolicies, ciliumclusterwidenetworkpolicies]
              verbs: ["*"]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: people}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: people}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts:people"}
            """;

    @TempDir static Path folder;

    private static Kubectl admin;
    private static Kubectl alice;

    @BeforeAll
    static void aliceMayWritePoliciesByHerGroupAndImpersonate() throws IOException {
        admin = MESH.kubectl("cluster2");
        succeeds(admin.apply(ALICES_RIGHTS));
        succeeds(admin.apply(mayImpersonate()));
        alice = withToken(succeeds(admin.run("create", "token", "alice", "-n", "people")).strip());
        for (var cluster : List.of("cluster1", "cluster3")) {
            succeeds(MESH.kubectl(cluster).apply(policy(80)));
        }
        await().atMost(SOON).until(() -> alice.apply(policy(80), "--dry-run=server").succeeded());
        await().atMost(SOON).until(() -> isRefused(alice.apply(policy(82), "--dry-run=server")));
    }

    @AfterAll
    static void takeAllAway() {
        admin.run("delete", "-f", "k8s/components/override/75-rbac.yaml");
        admin.runWithInput(mayImpersonate(), "delete", "-f", "-");
        admin.runWithInput(ALICES_RIGHTS, "delete", "--wait=false", "-f", "-");
        for (var cluster : CLUSTERS) {
            MESH.kubectl(cluster).run("delete", "cnp,ccnp", "--all", "-A");
        }
    }

    /// It is not a refusal of ours: her own groups do not count while she impersonates one.
    @Test
    @Order(1)
    void withoutTheComponentImpersonatingTakesAllRightsAway() {
        assertThat(asTheDocumentsSay(policy(82)).err())
                .contains("User \"alice\" cannot get resource \"ciliumnetworkpolicies\"")
                .doesNotContain("denied the request");
    }

    @Test
    @Order(2)
    void withTheComponentTheDocumentedLineWorksAsItIs() {
        succeeds(admin.run("apply", "-f", "k8s/components/override/75-rbac.yaml"));

        // The API server takes a moment to know of new rights.
        await().atMost(SOON).until(() -> asTheDocumentsSay(policy(82)).succeeded());
        var changed = asTheDocumentsSay(policy(83));

        assertThat(changed.succeeded()).as(changed.err()).isTrue();
        assertThat(changed.warnings())
                .anyMatch(it -> it.startsWith("Admitted because alice is allowed to override: "));
        succeeds(asTheDocumentsSay(policy(84), "--server-side", "--force-conflicts"));
        succeeds(
                alice.runWithInput(
                        policy(85),
                        "replace",
                        "--as=alice",
                        "--as-group=lockstep:override",
                        "-f",
                        "-"));
    }

    @Test
    @Order(3)
    void itGrantsNothingElseAndNobodyElse() {
        for (var command :
                List.of(
                        "delete cnp allow-api",
                        "get secrets -A",
                        "get namespaces",
                        "get cnp -A",
                        "create namespace mine")) {
            assertThat(override(command).err()).as(command).contains("(Forbidden)");
        }
        var asBob =
                alice.run("get", "cnp", "allow-api", "--as=bob", "--as-group=lockstep:override");
        assertThat(asBob.err()).contains("cannot impersonate");
        assertThat(isRefused(alice.apply(policy(86)))).isTrue();
    }

    private static Output override(String command) {
        return alice.run((command + " --as=alice --as-group=lockstep:override").split(" "));
    }

    /// By the line of the README, findings and operations, with the user's own name for `me`.
    private static Output asTheDocumentsSay(String manifest, String... options) {
        var line =
                Document.of("docs/operations.md").blocks().stream()
                        .filter(it -> it.section().equals("A policy blocks Lockstep"))
                        .map(it -> it.lines().getFirst())
                        .filter(it -> it.contains("--as="))
                        .findFirst()
                        .orElseThrow();
        var words =
                line.replaceFirst("kubectl ", "")
                        .replaceFirst("-f [^ ]+", "-f -")
                        .replaceFirst("--as=me ", "--as=alice ");
        return alice.runWithInput(manifest, (words + " " + String.join(" ", options)).split(" +"));
    }

    /// The example of the documents, with the account in the place of the user.
    private static String mayImpersonate() {
        var example =
                Document.of("docs/operations.md").blocks().stream()
                        .filter(it -> it.section().equals("Who may override"))
                        .filter(it -> it.lines().getFirst().startsWith("apiVersion"))
                        .findFirst()
                        .orElseThrow();
        return String.join("\n", example.lines())
                .replace("kind: User\n    name: alice", "kind: User\n    name: " + ACCOUNT);
    }

    private static Kubectl withToken(String token) throws IOException {
        var cluster = MESH.cluster("cluster2");
        var authority = Files.readAllBytes(Mesh.path(cluster, "caFile"));
        var kubeconfig = folder.resolve("kubeconfig");
        Files.writeString(
                kubeconfig,
                """
                apiVersion: v1
                kind: Config
                clusters:
                - name: cluster2
                  cluster: {server: "%s", certificate-authority-data: %s}
                users:
                - name: alice
                  user: {token: %s}
                contexts:
                - name: cluster2
                  context: {cluster: cluster2, user: alice}
                """
                        .formatted(
                                cluster.path("server").asText(),
                                Base64.getEncoder().encodeToString(authority),
                                token));
        return new Kubectl(admin.program(), kubeconfig, "cluster2");
    }

    private static boolean isRefused(Output output) {
        return output.err().contains("denied the request");
    }

    private static String succeeds(Output output) {
        assertThat(output.succeeded()).as(output.err()).isTrue();
        return output.out();
    }

    private static String policy(int port) {
        return """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: allow-api, namespace: default}
        spec:
          endpointSelector: {matchLabels: {app: api}}
          ingress:
          - fromEntities: [cluster]
            toPorts: [{ports: [{port: "%d"}]}]
        """
                .formatted(port);
    }
}
