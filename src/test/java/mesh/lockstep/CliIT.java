package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Checkout;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Lockstep;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kubectl lockstep` on three real clusters, in none of which anything is installed.
class CliIT {

    private static final List<String> CLUSTERS = List.of("cluster1", "cluster2", "cluster3");

    private static final String ALL = "--contexts=" + String.join(",", CLUSTERS);

    @TempDir private static Path folder;
    private static Mesh mesh;
    private static Lockstep lockstep;

    @BeforeAll
    static void aMeshInWhichSomePoliciesDiffer() {
        mesh = Mesh.start("cli", "--clusters", "3");
        lockstep = new Lockstep(mesh.kubeconfig().toString());
        for (var cluster : CLUSTERS) {
            apply(cluster, "agrees", 80);
            apply(cluster, "differs", cluster.equals("cluster2") ? 8080 : 80);
        }
        apply("cluster1", "missing", 80);
        apply("cluster2", "missing", 80);
        succeeds("cluster1", "label", "cnp", "differs", "team=shop");
    }

    @AfterAll
    static void end() {
        mesh.close();
    }

    @Test
    void checkListsWhatDiffersTheWorstFirst() {
        var checked = lockstep.run("check");

        assertThat(checked.out())
                .isEqualTo(
                        """
                        STATE     KIND   NAMESPACE   NAME      cluster1   cluster2   cluster3
                        Differs   cnp    default     differs   A          B          A
                        Missing   cnp    default     missing   A          A          missing

                        3 policies, 3 clusters: 1 agree, 1 differ, 1 missing
                        """);
        assertThat(checked.err()).isEmpty();
        assertThat(checked.exitCode()).isEqualTo(1);
    }

    @Test
    void checkLooksOnlyWhereItIsTold() {
        assertThat(lockstep.run("check", "-n", "kube-system").out()).startsWith("0 policies");
        // The label is in one cluster only, and the copies of the others are compared as well.
        assertThat(lockstep.run("check", "-l", "team=shop", "-n", "default").out())
                .contains("Differs   cnp    default     differs   A          B          A")
                .endsWith("1 policy, 3 clusters: 0 agree, 1 differ\n");
        var two = lockstep.run("check", "--contexts", "cluster1,cluster2", "-o", "json");
        var json = json(two.out());
        assertThat(json.at("/counts/Agrees").asInt()).isEqualTo(2);
        assertThat(json.at("/counts/Differs").asInt()).isEqualTo(1);
        assertThat(lockstep.run("check", "--contexts", "cluster9").err())
                .contains("there are: cluster1, cluster2, cluster3");
    }

    @Test
    void diffShowsWhereCopiesPart() {
        var diff = lockstep.run("diff", "differs", "-n", "default");

        assertThat(diff.out())
                .isEqualTo(
                        """
                        Differs   CiliumNetworkPolicy default/differs
                          A: cluster1, cluster3
                          B: cluster2
                            ingress[0].toPorts[0].ports[0].port   cluster1: 80   cluster2: 8080
                        """);
        assertThat(diff.exitCode()).isEqualTo(1);
        assertThat(lockstep.run("diff", "cnp/agrees").exitCode()).isZero();
        assertThat(lockstep.run("diff", "nothing").exitCode()).isEqualTo(2);
    }

    @Test
    void diffSaysWhatWouldBecomeOfAFile() throws IOException {
        var file = Files.writeString(folder.resolve("new.yaml"), Policies.manifest("agrees", 81));

        var diff = lockstep.run("diff", "-f", file.toString());

        assertThat(diff.out())
                .startsWith("CiliumNetworkPolicy default/agrees, from " + file + "\n")
                .contains(
                        """
                          cluster1: would change
                            ingress[0].toPorts[0].ports[0].port   file: 81   cluster1: 80
                            Warning: default/agrees: 2 members still have the previous version: cluster2, cluster3 [Previous]
                        """);
        assertThat(diff.exitCode()).isEqualTo(1);
        var fork = lockstep.runWithInput(Policies.manifest("missing", 81), "diff", "-f", "-");
        assertThat(fork.out())
                .contains("  cluster3: would be refused\n")
                .contains(
                        "CiliumNetworkPolicy default/missing would differ from cluster1 [Differs].");
        var same = lockstep.runWithInput(Policies.manifest("agrees", 80), "diff", "-f", "-");
        assertThat(same.exitCode()).as(same.out()).isZero();
    }

    @Test
    void aClusterThatIsOutOfReachIsNamedAndTheOthersAreCompared() {
        mesh.stop("cluster3");
        try {
            var checked = lockstep.run("check");
            assertThat(checked.err()).isEqualTo("cluster3: not compared: connection refused\n");
            assertThat(checked.out()).endsWith("3 policies, 2 of 3 clusters: 2 agree, 1 differ\n");
            assertThat(checked.exitCode()).isEqualTo(1);

            var required = lockstep.run("check", "--require-all");
            assertThat(required.exitCode()).isEqualTo(2);
            assertThat(required.out()).isEmpty();
        } finally {
            mesh.start("cluster3");
        }
    }

    /// Also: of two files that have a context, the first counts; a token comes from a program.
    @Test
    void rightsThatAreMissingAreCalledThat() throws IOException {
        succeeds("cluster2", "create", "serviceaccount", "reader");
        succeeds(
                "cluster2", "create", "clusterrole", "reader", "--verb=get,list", "--resource=cnp");
        var nothing = as("reader");

        var unread = nothing.run("check", ALL);
        assertThat(unread.err())
                .contains(
                        "cluster2: not compared: not allowed to list ciliumnetworkpolicies (403)");
        assertThat(unread.out()).endsWith("3 policies, 2 of 3 clusters: 2 agree, 1 missing\n");

        succeeds(
                "cluster2",
                "create",
                "clusterrolebinding",
                "reader",
                "--clusterrole=reader",
                "--serviceaccount=default:reader");
        var some = as("reader").run("check", ALL);
        assertThat(some.out()).contains("Differs   cnp    default     differs   A          B");
        assertThat(some.err())
                .contains("cluster2: not allowed to list ciliumclusterwidenetworkpolicies (403)")
                .contains(
                        "cluster2: Cilium's settings are not known (not allowed to get configmaps (403))");
        assertThat(as("reader").run("check", "--require-all").exitCode()).isEqualTo(2);
        assertThat(some.out() + some.err()).doesNotContain("eyJ");
    }

    @Test
    void twoContextsOfOneClusterCountOnce() throws IOException {
        var admin = (ObjectNode) Yaml.read(mesh.kubeconfig());
        var context = admin.path("contexts").get(0).deepCopy();
        ((ObjectNode) context).put("name", "again");
        admin.withArray("contexts").add(context);
        var file = Files.writeString(folder.resolve("twice"), Yaml.write(admin));

        var checked = new Lockstep(file.toString()).run("check");

        assertThat(checked.err()).contains("are one cluster, which is compared once");
        assertThat(checked.out()).contains("3 policies, 3 clusters");
    }

    /// Script and command go on with what the other has made.
    @Test
    void membersAreConnectedAndADeadOneIsDisconnected() throws IOException {
        var script = Checkout.in(folder, mesh);
        var connect = "k8s/connect.sh " + String.join(" ", CLUSTERS);
        assertThat(lockstep.run("connect", ALL, "--dry-run").out())
                .contains("would: cluster1 knows cluster2: new credential for https://");
        assertThat(
                        script.run(
                                        "kubectl --context cluster1 -n lockstep get secret lockstep-peers")
                                .text())
                .contains("NotFound");

        var connected = lockstep.run("connect", ALL, "--duration", "30d");

        assertThat(connected.exitCode()).as(connected.err()).isZero();
        assertThat(connected.out() + connected.err()).doesNotContain("eyJ");
        assertThat(script.succeed(connect).lines().filter(it -> it.contains("credential kept")))
                .hasSize(6);
        script.succeed(connect.replace(".sh", ".sh --rotate"));
        assertThat(lockstep.run("connect", ALL).out().lines())
                .filteredOn(it -> it.contains("credential kept"))
                .hasSize(6);
        assertThat(lockstep.run("status", ALL).out())
                .contains("peers are configured                   ✔          ✔          ✔\n")
                .contains("credentials are valid                  ✔          ✔          ✔\n")
                .contains("✘ cluster1: pods are ready: there is no Deployment\n");

        var read =
                "kubectl --context cluster1 -n lockstep get secret lockstep-peers -o go-template='{{.data.cluster2 | base64decode}}' >peer"
                        + " && kubectl --kubeconfig peer get cnp -A";
        assertThat(script.succeed(read)).contains("agrees");
        mesh.stop("cluster1");
        try {
            var left = lockstep.run("disconnect", "cluster1", "--contexts", "cluster2,cluster3");
            assertThat(left.exitCode()).as(left.err()).isZero();
        } finally {
            mesh.start("cluster1");
        }
        await().until(() -> script.run("kubectl --kubeconfig peer get cnp -A").exitCode() != 0);
        assertThat(lockstep.run("disconnect", "cluster2", ALL).exitCode()).isZero();
        assertThat(script.run("kubectl --context cluster3 get clusterrole lockstep-peer").text())
                .contains("NotFound");
    }

    /// By the account, the kubeconfig and the words of the job; the controller that would make the
    /// account's token is played.
    @Test
    void theJobRenewsTokensAndIntroducesNobody() throws IOException {
        var script = Checkout.in(folder.resolve("renewal"), mesh);
        assertThat(lockstep.run("connect", ALL).exitCode()).isZero();
        for (var cluster : CLUSTERS) {
            script.succeed("kubectl --context %s apply -k k8s/renewer".formatted(cluster));
            var token =
                    kubectl(cluster).run("create", "token", "lockstep-renewer", "-n", "lockstep");
            var made = "{\"stringData\":{\"token\":\"%s\"}}".formatted(token.out().strip());
            succeeds(cluster, "-n", "lockstep", "patch", "secret", "lockstep-renewer", "-p", made);
        }
        var names = String.join(" ", CLUSTERS);
        script.succeed("k8s/renewer/kubeconfig.sh " + names + " >kubeconfig");
        var job = job(script.folder().resolve("kubeconfig").toString());
        var before = peers("cluster1");

        var kept = lockstep.run(job.toArray(String[]::new));
        assertThat(kept.exitCode()).as(kept.err()).isZero();
        assertThat(kept.out().lines()).hasSize(6).allMatch(it -> it.contains("credential kept"));
        assertThat(peers("cluster1")).isEqualTo(before);

        job.add("--all");
        var renewed = lockstep.run(job.toArray(String[]::new));
        assertThat(renewed.exitCode()).as(renewed.err()).isZero();
        assertThat(renewed.out().lines()).hasSize(6).allMatch(it -> it.contains("new credential"));
        assertThat(renewed.out() + renewed.err()).doesNotContain("eyJ");
        assertThat(peers("cluster1")).isNotEqualTo(before);
        assertThat(lockstep.run("status", ALL).out())
                .contains("credentials are valid                  ✔          ✔          ✔\n");

        lockstep.run("disconnect", "cluster3", "--contexts", "cluster1,cluster2");
        var after = lockstep.run(job.toArray(String[]::new));
        assertThat(after.out()).doesNotContain("knows cluster3");
        assertThat(peers("cluster1")).doesNotContain("cluster3");
        // Its own Secret still names the others, whose tokens are revoked for good.
        assertThat(after.err()).contains("cluster3 does not know cluster1: ").doesNotContain("eyJ");
        assertThat(after.exitCode()).isEqualTo(2);
        CLUSTERS.forEach(it -> succeeds(it, "-n", "lockstep", "delete", "secrets", "--all"));
    }

    /// What the container of the component's job is told.
    private static List<String> job(String kubeconfig) {
        var words = new ArrayList<String>();
        Yaml.read(Path.of("k8s/components/renewal/90-cronjob.yaml"))
                .at("/spec/jobTemplate/spec/template/spec/containers/0/args")
                .forEach(it -> words.add(it.asText()));
        words.replaceAll(it -> it.replace("/etc/lockstep/renewal/kubeconfig", kubeconfig));
        assertThat(words).contains("--kubeconfig=" + kubeconfig);
        return words;
    }

    private static String peers(String cluster) {
        return kubectl(cluster)
                .run("-n", "lockstep", "get", "secret", "lockstep-peers", "-o", "jsonpath={.data}")
                .out();
    }

    /// What it prints is what is awaited; nothing else takes time.
    @Test
    void aWatchPrintsWhatChangesAndEndsWithTheLastExitCode() throws Exception {
        var watch = lockstep.start("check", "--watch", "--every=5", "--contexts=cluster1,cluster2");
        try (var out = watch.inputReader(StandardCharsets.UTF_8)) {
            assertThat(until("3 policies", out))
                    .contains("Differs   cnp    default     differs   A          B");
            apply("cluster2", "differs", 80);
            assertThat(until("3 policies", out))
                    .contains("Agrees   cnp    default     differs   A          A")
                    .endsWith("3 policies, 2 clusters: 3 agree\n");
            apply("cluster2", "differs", 8080);
            assertThat(until("3 policies", out)).contains("Differs   cnp");

            // To the program this is the same as Ctrl-C, which a test that runs in the background
            // cannot send.
            watch.destroy();
            assertThat(watch.waitFor()).isEqualTo(1);
        } finally {
            watch.destroyForcibly();
            apply("cluster2", "differs", 8080);
        }
    }

    private static String until(String start, BufferedReader out) throws IOException {
        var lines = new StringBuilder();
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            lines.append(line).append('\n');
            if (line.startsWith(start)) {
                return lines.toString();
            }
        }
        throw new AssertionError("it ended: " + lines);
    }

    @Test
    void pipelinesReadWhatDiffers() throws IOException {
        var file = Files.writeString(folder.resolve("ci.yaml"), Policies.manifest("differs", 81));

        var tests = lockstep.run("diff", "-o", "junit", "-f", file.toString());
        assertThat(tests.exitCode()).as(tests.err()).isEqualTo(1);
        assertThat(tests.out())
                .startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
                .contains("name=\"CiliumNetworkPolicy default/differs\"")
                .contains("failures=\"1\"");
        var remarks = json(lockstep.run("diff", "-o", "sarif", "-f", file.toString()).out());
        assertThat(remarks.at("/runs/0/results/0/ruleId").asText()).isEqualTo("Differs");
        assertThat(remarks.at("/runs/0/tool/driver/version").asText()).isNotEmpty();
        assertThat(lockstep.run("check", "-o", "markdown").out())
                .contains("| Differs | cnp | default | differs | A | B | A |");
    }

    /// With another user in cluster2, in a file before the admin's.
    private static Lockstep as(String account) throws IOException {
        var token = kubectl("cluster2").run("create", "token", account).out().strip();
        var credential =
                "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"%s\"}}"
                        .formatted(token);
        var answer = Files.writeString(folder.resolve("credential.json"), credential);
        var admin = Yaml.read(mesh.kubeconfig());
        var cluster = named(admin, "clusters", cluster2(admin).at("/context/cluster").asText());
        var config =
                """
                apiVersion: v1
                kind: Config
                current-context: cluster2
                contexts: [{name: cluster2, context: {cluster: its-own, user: reader}}]
                clusters: [{name: its-own, cluster: %s}]
                users:
                - name: reader
                  user:
                    exec: {apiVersion: client.authentication.k8s.io/v1, command: cat, args: [%s], interactiveMode: Never}
                """
                        .formatted(cluster.path("cluster"), answer);
        var file = Files.writeString(folder.resolve("reader"), config);
        return new Lockstep(file + File.pathSeparator + mesh.kubeconfig());
    }

    private static JsonNode cluster2(JsonNode kubeconfig) {
        return named(kubeconfig, "contexts", "cluster2");
    }

    private static JsonNode named(JsonNode kubeconfig, String list, String name) {
        for (var each : kubeconfig.path(list)) {
            if (each.path("name").asText().equals(name)) {
                return each;
            }
        }
        throw new IllegalStateException(list + " has no " + name);
    }

    private static JsonNode json(String text) {
        try {
            return StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Kubectl kubectl(String cluster) {
        return mesh.kubectl(cluster);
    }

    private static void apply(String cluster, String name, int port) {
        var applied = kubectl(cluster).apply(Policies.manifest(name, port));
        assertThat(applied.succeeded()).as(applied.err()).isTrue();
    }

    private static void succeeds(String cluster, String... arguments) {
        var output = kubectl(cluster).run(arguments);
        assertThat(output.succeeded()).as(output.err()).isTrue();
    }
}
