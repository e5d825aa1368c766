package mesh.lockstep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static mesh.lockstep.support.Waiting.LATER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import mesh.lockstep.support.Checkout;
import mesh.lockstep.support.Document;
import mesh.lockstep.support.Installation;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lockstep on three real API servers, installed, used and taken away by the README's own words.
/// Only the kubelet and the way to its pods are played: see [Installation].
@TestMethodOrder(OrderAnnotation.class)
class InstallationIT {

    private static final List<String> CLUSTERS = List.of("cluster1", "cluster2", "cluster3");
    private static final String ALL = String.join(" ", CLUSTERS);
    private static final Pattern METRIC =
            Pattern.compile("(?:lockstep|apiserver_admission)_[a-z_]+");
    private static final Document README = Document.of("README.md");

    /// Nothing comes in any more, to whatever pod.
    private static final List<String> CUT_OFF =
            List.of(
                    "apiVersion: cilium.io/v2",
                    "kind: CiliumClusterwideNetworkPolicy",
                    "metadata: {name: cut-off}",
                    "spec:",
                    "  endpointSelector: {}",
                    "  ingressDeny: [{fromEntities: [all]}]");

    /// Its definition lets it through, Cilium does not take it.
    private static final List<String> UNENFORCED =
            List.of(
                    "apiVersion: cilium.io/v2",
                    "kind: CiliumNetworkPolicy",
                    "metadata: {name: unenforced, namespace: default}",
                    "spec:",
                    "  endpointSelector: {}",
                    "  ingress: [{fromEntities: [world], fromEndpoints: [{}]}]");

    @TempDir static Path folder;

    private static Installation installation;
    private static Checkout checkout;

    @BeforeAll
    static void install() {
        checkout = Checkout.in(folder, Mesh.bare());
        Installation.assumeNamespaces(checkout);
        installation = new Installation(checkout);
        // A cluster with tools that show reports.
        checkout.succeed(
                "kubectl --context cluster1 apply --server-side -f "
                        + Path.of("mesh/bin/report-kinds").toAbsolutePath()
                        + "/");
        var commands = install("Install");
        assertThat(commands).hasSize(4);
        commands.subList(0, 3).forEach(checkout::succeed);
        // Two pods in cluster1, as the manifest says; elsewhere one, to spare the machine.
        for (var cluster : List.of("cluster2", "cluster3")) {
            checkout.succeed(
                    "kubectl --context %s -n lockstep scale deployment lockstep --replicas 1"
                            .formatted(cluster));
        }
        installation.runPods("cluster1", "cluster2", "cluster3");
    }

    @AfterAll
    static void end() {
        installation.close();
    }

    private static List<String> install(String section) {
        return README.blocks().stream()
                .filter(it -> it.section().equals(section) && !it.isTranscript())
                .findFirst()
                .orElseThrow()
                .lines();
    }

    @Test
    @Order(1)
    void worksWithTheReadmesCommands() {
        var verified = README.transcript("Install").getFirst();

        await().atMost(LATER)
                .untilAsserted(
                        () ->
                                assertThat(checkout.succeed(verified.command()).lines())
                                        .map(String::stripTrailing)
                                        .isEqualTo(verified.printed()));
    }

    @Test
    @Order(2)
    void runsAsNobodyOnAReadOnlyRoot() throws IOException {
        var process = Path.of("/proc", Long.toString(installation.pod("cluster1").process().pid()));
        var status = Files.readString(process.resolve("status"));

        assertThat(Files.readAllLines(process.resolve("mountinfo")))
                .anyMatch(it -> it.matches(".* / / ro,.*|.* [^ ]+ / ro,.*"));
        assertThat(status).contains("NoNewPrivs:\t1").contains("CapEff:\t0000000000000000");
    }

    @Test
    @Order(2)
    void refusesAndCountsDownAsTheReadmeShows() throws IOException {
        var example = Files.readAllLines(Path.of("k8s/examples/allow-cross-cluster.yaml"));
        checkout.write("allow-cross-cluster.yaml", example);
        checkout.write(
                "edited-in-cluster3.yaml",
                Files.readAllLines(Path.of("mesh/story/edited-in-cluster3.yaml")));
        for (var cluster : List.of("cluster1", "cluster2")) {
            checkout.succeed("kubectl --context " + cluster + " apply -f allow-cross-cluster.yaml");
        }
        var refusal = README.transcript("What a refusal looks like").getFirst();
        // Both confirm, and the first by name is named, unless it is slower by more than a moment.
        await().atMost(LATER)
                .untilAsserted(() -> assertThat(printedBy(refusal)).isEqualTo(refusal.printed()));

        checkout.succeed("kubectl --context cluster3 apply -f allow-cross-cluster.yaml");
        for (var cluster : CLUSTERS) {
            await().atMost(LATER)
                    .until(
                            () ->
                                    !dryRun(cluster, "allow-cross-cluster.yaml")
                                            .contains("Warning: default/"));
        }
        checkout.write(
                "allow-cross-cluster.yaml",
                example.stream().map(it -> it.replace("8080", "8443")).toList());
        var rollout = README.transcript("Change a policy").getFirst();

        assertThat(printedBy(rollout)).isEqualTo(rollout.printed());

        for (var cluster : CLUSTERS) {
            checkout.succeed(
                    "kubectl --context " + cluster + " delete -f allow-cross-cluster.yaml");
        }
    }

    private static String dryRun(String cluster, String file) {
        return checkout.succeed(
                "kubectl --context %s apply --server-side --force-conflicts --dry-run=server -f %s"
                        .formatted(cluster, file));
    }

    private static List<String> printedBy(Document.Exchange exchange) {
        return checkout.run(exchange.command()).text().lines().toList();
    }

    /// By requests with the very credential that cluster1 has for cluster2.
    @ParameterizedTest
    @Order(2)
    @ValueSource(
            strings = {
                "get secrets -A",
                "get pods -A",
                "get configmaps -A",
                "get nodes",
                "get validatingwebhookconfigurations",
                "get clusterroles",
                "create -f k8s/examples/allow-cross-cluster.yaml",
                "delete cnp allow-cross-cluster -n default",
                "delete namespace default",
                "create namespace mine",
                "create token lockstep -n lockstep",
                "annotate namespace default a=b",
                "get cnp -A --as=admin",
            })
    void theCredentialAllowsNothingElse(String command) throws IOException {
        var peer = peerKubeconfig("cluster1", "cluster2");

        var tried = checkout.run("kubectl --kubeconfig " + peer + " " + command);

        assertThat(tried.exitCode()).isNotZero();
        assertThat(tried.text()).containsIgnoringCase("forbidden");
        assertThat(checkout.succeed("kubectl --kubeconfig " + peer + " get cnp,ccnp,ns -A"))
                .contains("namespace/default");
    }

    @Test
    @Order(2)
    void connectingAgainChangesNothing() {
        var before = secrets();

        var dryRun = checkout.succeed("k8s/connect.sh --dry-run --rotate " + ALL);
        var again = checkout.succeed("k8s/connect.sh " + ALL);

        assertThat(dryRun).contains("would: cluster1 knows cluster2: new credential");
        assertThat(again).doesNotContain("new credential");
        assertThat(again.lines().filter(it -> it.contains("credential kept"))).hasSize(6);
        assertThat(secrets()).isEqualTo(before);
    }

    @Test
    @Order(3)
    void credentialsAreRotatedAndRevoked() throws IOException {
        var first = peerKubeconfig("cluster1", "cluster2");
        checkout.succeed("k8s/connect.sh --rotate cluster1 cluster2");
        var second = peerKubeconfig("cluster1", "cluster2");

        assertThat(Files.readString(second)).isNotEqualTo(Files.readString(first));
        assertThat(reads(first)).isTrue();

        checkout.succeed("k8s/connect.sh --revoke cluster1 cluster2");

        await().atMost(LATER).until(() -> !reads(first) && !reads(second));
        assertThat(reads(peerKubeconfig("cluster1", "cluster2"))).isTrue();
        installation.refreshMounts();
        awaitAllIsWell();
    }

    @Test
    @Order(4)
    void verifySaysWhatIsWrongAndWhatToDo() {
        checkout.succeed("k8s/certify.sh --renew --days 5 cluster1");
        checkout.succeed("k8s/connect.sh --revoke cluster2 cluster3");
        installation.refreshMounts("cluster2");
        installation.freeze("cluster3");
        try {
            await().atMost(LATER)
                    .untilAsserted(
                            () ->
                                    assertThat(checkout.run("k8s/verify.sh " + ALL + " cluster9"))
                                            .satisfies(it -> assertThat(it.exitCode()).isEqualTo(1))
                                            .extracting(Checkout.Output::text)
                                            .asString()
                                            .contains(
                                                    "✘ cluster1: certificate is valid: it expires on")
                                            .contains("→ k8s/certify.sh cluster1")
                                            .contains("✘ cluster3: a policy is judged: ")
                                            .contains("✘ cluster9: API server answers: ")
                                            // It serves the former certificate, which is trusted.
                                            .doesNotContain("✘ cluster1: a policy")
                                            .doesNotContain("✘ cluster2: a policy"));
        } finally {
            installation.thaw("cluster3");
            assertThat(checkout.succeed("k8s/certify.sh " + ALL))
                    .contains("cluster1: new certificate")
                    .contains("cluster2: certificate kept");
            installation.refreshMounts();
        }
        awaitAllIsWell();
    }

    @Test
    @Order(5)
    void aMemberThatLeavesIsForgotten() throws IOException {
        var gone = peerKubeconfig("cluster3", "cluster1");

        checkout.succeed("k8s/connect.sh --disconnect cluster3 cluster1 cluster2");

        await().atMost(LATER).until(() -> !reads(gone));
        assertThat(checkout.succeed("kubectl --context cluster3 get secret,sa -n lockstep -o name"))
                .doesNotContain("lockstep-peer");
        assertThat(checkout.run("kubectl --context cluster3 get clusterrole lockstep-peer").text())
                .contains("NotFound");
        assertThat(reads(peerKubeconfig("cluster1", "cluster2"))).isTrue();
        checkout.succeed("k8s/connect.sh " + ALL);
        installation.refreshMounts();
        awaitAllIsWell();
    }

    /// cluster3 has what it should not, and does not answer those that would take it out.
    @Test
    @Order(5)
    void aMemberThatWasTakenOverIsTakenOutWithTheDocumentedCommands() throws IOException {
        var stolen = peerKubeconfig("cluster3", "cluster1");
        checkout.write("theirs.yaml", policy("9", "  ingress: [{}]"));
        checkout.write("ours.yaml", policy("1", "  ingress: []"));
        checkout.succeed("kubectl --context cluster3 apply -f theirs.yaml");
        await().atMost(LATER)
                .until(() -> checkout.run(apply("ours.yaml")).text().contains("[Newer]"));
        checkout.succeed(
                "kubectl --context cluster1 apply -f k8s/components/override/75-rbac.yaml");
        checkout.succeed(apply("ours.yaml --as=me --as-group=lockstep:override"));
        checkout.succeed(
                "kubectl --context cluster1 delete -f k8s/components/override/75-rbac.yaml");
        checkout.write("ours.yaml", policy("1", "  ingress: [{fromEntities: [host]}]"));
        assertThat(checkout.run(apply("ours.yaml")).text()).contains("[Newer]");

        var words =
                Document.of("docs/operations.md").blocks().stream()
                        .filter(it -> it.section().equals("A member lies, or was taken over"))
                        .flatMap(it -> it.lines().stream())
                        .map(String::strip)
                        .toList();
        assertThat(words).hasSize(3);
        var out =
                checkout.succeed(
                        "cp \"$KUBECONFIG\" away.yaml && "
                                + "KUBECONFIG=away.yaml kubectl config set-cluster cluster3 --server=https://127.0.0.1:1 && "
                                + "KUBECONFIG=away.yaml "
                                + words.getFirst());

        assertThat(out)
                .contains("cluster1 forgets cluster3, and revokes its token")
                .contains("note: cluster3 does not answer, see above.");
        await().atMost(LATER).until(() -> !reads(stolen));
        installation.refreshMounts();
        await().atMost(LATER)
                .until(() -> checkout.run(apply("ours.yaml")).text().contains(" configured"));

        checkout.succeed("k8s/connect.sh " + ALL);
        var again = peerKubeconfig("cluster3", "cluster1");
        assertThat(reads(again)).isTrue();
        words.subList(1, 3)
                .forEach(
                        it ->
                                checkout.succeed(
                                        it.replace("kubectl", "kubectl --context cluster1")));
        await().atMost(LATER).until(() -> !reads(again));
        assertThat(checkout.succeed("k8s/connect.sh --dry-run " + ALL))
                .contains("would: cluster1 knows cluster3: new credential");

        for (var cluster : List.of("cluster1", "cluster3")) {
            checkout.succeed("kubectl --context %s delete cnp shared".formatted(cluster));
        }
        checkout.succeed("k8s/connect.sh " + ALL);
        installation.refreshMounts();
        awaitAllIsWell();
    }

    private static String apply(String file) {
        return "kubectl --context cluster1 apply -f " + file;
    }

    private static List<String> policy(String revision, String rules) {
        return List.of(
                "apiVersion: cilium.io/v2",
                "kind: CiliumNetworkPolicy",
                "metadata:",
                "  name: shared",
                "  namespace: default",
                "  annotations: {lockstep.mesh/revision: '%s'}".formatted(revision),
                "spec:",
                "  endpointSelector: {}",
                rules);
    }

    @Test
    @Order(5)
    void noMemberTakesAnothersName() {
        var call =
                "kubectl --context cluster3 -n kube-system patch configmap cilium-config --type merge -p ";
        var before = secrets();
        checkout.succeed(call + "'{\"data\":{\"cluster-name\":\"cluster2\"}}'");
        try {
            var connected = checkout.run("k8s/connect.sh cluster1 cluster3");
            var disconnected = checkout.run("k8s/connect.sh --disconnect cluster3 cluster1");

            assertThat(connected.exitCode()).isEqualTo(1);
            assertThat(connected.text())
                    .contains("cluster1 knows cluster2 already, at https://")
                    .contains("If you want to replace it, say --replace cluster2");
            assertThat(disconnected.exitCode()).isEqualTo(1);
            assertThat(disconnected.text())
                    .contains("cluster3 calls itself cluster2, which cluster1 knows at https://")
                    .contains("say --name cluster3=cluster2");
            assertThat(secrets()).isEqualTo(before);
            assertThat(
                            checkout.succeed(
                                    "k8s/connect.sh --dry-run --replace cluster2 cluster1 cluster3"))
                    .contains("would: cluster1 knows cluster2: new credential");
        } finally {
            checkout.succeed(call + "'{\"data\":{\"cluster-name\":\"cluster3\"}}'");
        }
    }

    /// At the address of the one that is known, as after it was rebuilt.
    @Test
    @Order(5)
    void anotherClusterAtTheSameAddressIsNotTakenForTheOneThatIsKnown() {
        checkout.succeed(
                "new=$(kubectl --context cluster1 -n lockstep get secret lockstep-peers -o jsonpath='{.data.cluster2}'"
                        + " | base64 -d | sed 's/^# kube-system: .*/# kube-system: a-former-one/' | base64 -w 0)"
                        + " && kubectl --context cluster1 -n lockstep patch secret lockstep-peers --type merge"
                        + " -p \"{\\\"data\\\":{\\\"cluster2\\\":\\\"$new\\\"}}\"");

        var refused = checkout.run("k8s/connect.sh cluster1 cluster2");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.text())
                .contains(
                        "cluster1 knows cluster2 already, as a different cluster than cluster2 is now")
                .contains("say --replace cluster2");
        checkout.succeed("k8s/connect.sh --replace cluster2 --rotate cluster1 cluster2");
        checkout.succeed("k8s/connect.sh cluster1 cluster2");
        installation.refreshMounts();
        awaitAllIsWell();
    }

    @Test
    @Order(5)
    void tokensStayOutOfTheTraceAndContextsAreQuoted() throws IOException {
        var connected = checkout.run("bash -x k8s/connect.sh --rotate cluster1 cluster2").text();
        var verified = checkout.run("bash -x k8s/verify.sh cluster1").text();
        var left =
                checkout.run("bash -x k8s/connect.sh --dry-run --disconnect cluster1 cluster2")
                        .text();

        assertThat(connected).contains("untraced introduce 0 1");
        for (var cluster : List.of("cluster1 cluster2", "cluster2 cluster1")) {
            var names = cluster.split(" ", -1);
            var content = Files.readString(peerKubeconfig(names[0], names[1]));
            var token = content.replaceAll("(?s).*token: ([^\\s]+).*", "$1");
            assertThat(token).hasSizeGreaterThan(100);
            for (var shown : List.of(connected, verified, left)) {
                assertThat(shown)
                        .doesNotContain(token.substring(20))
                        .doesNotContain(
                                Base64.getEncoder()
                                        .encodeToString(content.strip().getBytes(UTF_8))
                                        .substring(200, 400));
            }
        }
        var odd =
                checkout.succeed(
                        "cp \"$KUBECONFIG\" odd.yaml && export KUBECONFIG=odd.yaml"
                                + " && kubectl config rename-context cluster1 'of $(touch x)'"
                                + " && k8s/connect.sh 'of $(touch x)' cluster2");

        assertThat(odd).contains("k8s/verify.sh of\\ \\$\\(touch\\ x\\) cluster2");
        installation.refreshMounts();
        awaitAllIsWell();
    }

    /// The pods accept connections and answer nothing, as behind a policy that drops.
    @Test
    @Order(6)
    void aPolicyThatCutsUsOffCanBeTakenAway() {
        checkout.write("cut-off.yaml", CUT_OFF);
        checkout.write(
                "k8s/overlays/fail-closed/kustomization.yaml",
                List.of(
                        "apiVersion: kustomize.config.k8s.io/v1beta1",
                        "kind: Kustomization",
                        "resources: [../../base]",
                        "components: [../../components/fail-closed, ../../components/override]"));
        installation.freeze("cluster1");
        try {
            assertThat(timed("create -f cut-off.yaml")).contains("created");
            assertThat(timed("delete ccnp cut-off")).contains("deleted");

            checkout.succeed("kubectl --context cluster1 apply -k k8s/overlays/fail-closed");
            installation.route("cluster1");
            await().atMost(LATER)
                    .untilAsserted(
                            () ->
                                    assertThat(timed("create -f cut-off.yaml"))
                                            .contains("failed calling webhook"));
            assertThat(timed("create -f cut-off.yaml --as=me --as-group=lockstep:override"))
                    .contains("created");
            assertThat(timed("delete ccnp cut-off")).contains("deleted");

            assertThat(timed(takeOut(0).replaceFirst("kubectl ", ""))).contains("deleted");
            await().atMost(LATER)
                    .untilAsserted(
                            () -> assertThat(timed("create -f cut-off.yaml")).contains("created"));
            assertThat(timed("delete ccnp cut-off")).contains("deleted");
        } finally {
            installation.thaw("cluster1");
            checkout.succeed(
                    "kubectl --context cluster1 delete -f k8s/components/override/75-rbac.yaml");
            checkout.succeed(takeOut(1).replace("kubectl ", "kubectl --context cluster1 "));
            checkout.succeed(takeOut(2).replaceFirst("\\$\\(.*\\)", "cluster1"));
            installation.route("cluster1");
        }
        awaitAllIsWell();
    }

    /// And put back: of the documented commands the one with this index.
    private static String takeOut(int index) {
        return Document.of("docs/operations.md").commands("The webhook is down").get(index);
    }

    /// What rules and dashboard ask Prometheus for is shown by a pod, or counted by the API server
    /// after the outage.
    @Test
    @Order(7)
    void theMetricsOfRulesAndDashboardExist() throws IOException {
        var monitoring = Path.of("k8s/components/monitoring");
        var asked = new TreeSet<String>();
        for (var file : List.of("30-prometheusrule.yaml", "lockstep.json")) {
            METRIC.matcher(Files.readString(monitoring.resolve(file)))
                    .results()
                    .map(MatchResult::group)
                    .forEach(asked::add);
        }
        asked.removeAll(List.of("lockstep_dashboard"));
        checkout.write("unenforced.yaml", UNENFORCED);
        checkout.succeed(
                "kubectl --context cluster1 apply -f k8s/examples/allow-dns.yaml -f unenforced.yaml");
        await().atMost(LATER)
                .until(
                        () ->
                                installation
                                        .pod("cluster1")
                                        .management("/q/metrics")
                                        .contains("lockstep_unenforced_policies{"));
        var shown =
                installation.pod("cluster1").management("/q/metrics")
                        + checkout.succeed("kubectl --context cluster1 get --raw /metrics");
        checkout.succeed(
                "kubectl --context cluster1 delete -f k8s/examples/allow-dns.yaml -f unenforced.yaml");

        assertThat(asked).hasSizeGreaterThan(6);
        assertThat(asked)
                .allSatisfy(it -> assertThat(shown).containsPattern("(?m)^" + it + "[ {]"));
        assertThat(shown)
                .containsPattern(
                        "apiserver_admission_webhook_fail_open_count\\{name=\"policies.lockstep.mesh\"");
    }

    /// What kubectl says, and how long that takes goes to the log.
    private static String timed(String command) {
        var begin = System.nanoTime();
        var said = checkout.run("kubectl --context cluster1 " + command).text();
        System.out.printf(
                "Webhook black-holed: %,d ms: %s%n",
                Duration.ofNanos(System.nanoTime() - begin).toMillis(), command);
        return said;
    }

    /// By the garbage collector alone: the webhook's pods are frozen.
    @Test
    @Order(8)
    void aReportGoesWithItsPolicy() {
        checkout.succeed("kubectl --context cluster1 apply -f k8s/examples/allow-dns.yaml");
        await().atMost(LATER).until(() -> reports().contains("lockstep-allow-dns"));

        installation.freeze("cluster1");
        try {
            checkout.succeed("kubectl --context cluster1 delete -f k8s/examples/allow-dns.yaml");
            await().atMost(LATER).until(() -> !reports().contains("lockstep-allow-dns"));
        } finally {
            installation.thaw("cluster1");
        }
    }

    /// Nothing is left with its name or its label, of whatever kind.
    @Test
    @Order(9)
    void isTakenAwayWithoutATrace() {
        checkout.succeed("kubectl --context cluster1 apply -f k8s/examples/allow-dns.yaml");
        await().atMost(LATER).until(() -> reports().contains("lockstep-allow-dns"));
        var remove =
                README.blocks().stream()
                        .filter(it -> it.section().equals("Install") && !it.isTranscript())
                        .reduce((_, last) -> last)
                        .orElseThrow();

        remove.lines().forEach(checkout::succeed);

        for (var cluster : CLUSTERS) {
            var kinds =
                    checkout.succeed(
                                    "kubectl --context %s api-resources --verbs=list -o name"
                                            .formatted(cluster))
                            .lines()
                            .toList();
            assertThat(kinds).hasSizeGreaterThan(30);
            assertThat(
                            checkout.run(
                                            "kubectl --context %s get %s -A -o name"
                                                    .formatted(cluster, String.join(",", kinds)))
                                    .text())
                    .contains("namespace/default")
                    .doesNotContain("lockstep");
        }
        checkout.succeed("kubectl --context cluster1 delete -f k8s/examples/allow-dns.yaml");
    }

    private static String reports() {
        return checkout.succeed("kubectl --context cluster1 get reports,clusterreports -A -o name");
    }

    private static void awaitAllIsWell() {
        await().atMost(LATER)
                .untilAsserted(
                        () -> {
                            var verified = checkout.run("k8s/verify.sh " + ALL);
                            assertThat(verified.exitCode()).as(verified.text()).isZero();
                        });
    }

    private static boolean reads(Path kubeconfig) {
        return checkout.run("kubectl --kubeconfig " + kubeconfig + " get cnp -A").exitCode() == 0;
    }

    /// What one cluster's webhook has for another, as a file of its own.
    private static Path peerKubeconfig(String here, String peer) throws IOException {
        var file = Files.createTempFile(folder, peer, "");
        checkout.succeed(
                "kubectl --context %s -n lockstep get secret lockstep-peers -o go-template='{{.data.%s | base64decode}}' >%s"
                        .formatted(here, peer, file));
        return file;
    }

    private static Map<String, String> secrets() {
        var secrets = new HashMap<String, String>();
        for (var cluster : CLUSTERS) {
            secrets.put(
                    cluster,
                    checkout.succeed(
                            "kubectl --context %s -n lockstep get secrets -o jsonpath='{.items[*].metadata.resourceVersion}'"
                                    .formatted(cluster)));
        }
        return secrets;
    }
}
