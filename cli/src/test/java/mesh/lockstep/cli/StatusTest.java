package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mesh.lockstep.admission.Disclosure;
import mesh.lockstep.admission.Warnings;
import mesh.lockstep.admission.Wording;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.rollout.Finding;
import mesh.lockstep.rollout.Judgement;
import mesh.lockstep.rollout.Severity;
import mesh.lockstep.rollout.Verdict;
import mesh.lockstep.support.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusTest {

    private static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final Duration DAY = Duration.ofDays(1);
    private static final String HOST = "lockstep.lockstep.svc";

    @TempDir private Path folder;
    private StubMesh mesh;

    @BeforeEach
    void anInstallationThatWorks() {
        mesh = new StubMesh(folder, 2);
        for (var cluster : mesh.clusters) {
            cluster.put(
                    "apis/apps/v1/namespaces/lockstep/deployments/lockstep",
                    "{\"spec\":{\"replicas\":2},\"status\":{\"readyReplicas\":2}}");
            serving(
                    cluster,
                    AUTHORITY.issueForName(HOST, Instant.now().plus(DAY.multipliedBy(60))));
            var bundle =
                    "{\"clientConfig\":{\"caBundle\":\"%s\"}}"
                            .formatted(AUTHORITY.certificateData());
            cluster.put(
                    "apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/lockstep",
                    "{\"webhooks\":[%s,%s]}".formatted(bundle, bundle));
            cluster.warnings.add("lockstep-verify: 1 member does not have it: other [Missing]");
        }
        knows(1, 2, Instant.now().plus(DAY.multipliedBy(80)));
        knows(2, 1, Instant.now().plus(DAY.multipliedBy(80)));
    }

    @AfterEach
    void end() {
        mesh.close();
    }

    private static void serving(StubCluster cluster, TestCertificate certificate) {
        cluster.put(
                StubCluster.SECRETS + "lockstep-tls",
                "{\"data\":{\"tls.crt\":\"%s\"}}".formatted(certificate.certificateData()));
    }

    /// Of a token that was issued ninety days before its end.
    private void knows(int here, int peer, Instant end) {
        var token = StubCluster.token(end.minus(DAY.multipliedBy(90)), end, "secret", "account");
        mesh.cluster(here)
                .file("cluster" + peer, file(mesh.cluster(peer).uid(), "token: " + token));
    }

    private static String file(String uid, String user) {
        return """
               # kube-system: %s
               apiVersion: v1
               kind: Config
               current-context: peer
               clusters: [{name: peer, cluster: {server: 'https://192.0.2.1', certificate-authority-data: %s}}]
               users: [{name: lockstep-peer, user: {%s}}]
               contexts: [{name: peer, context: {cluster: peer, user: lockstep-peer}}]
               """
                .formatted(uid, AUTHORITY.certificateData(), user);
    }

    @Test
    void isATableOfChecksAndOfWhatIsValidUntilWhen() {
        // The authority ends before the tokens, and without it they are of no use.
        var end = AUTHORITY.certificate().getNotAfter().toInstant();

        var ran = mesh.run("status");

        assertThat(ran.out())
                .isEqualTo(
                        """
                        CHECK                                  cluster1   cluster2
                        API server answers                     ✔          ✔
                        Cilium's policy kinds are installed    ✔          ✔
                        pods are ready                         ✔          ✔
                        certificate is valid                   ✔          ✔
                        API server trusts the certificate      ✔          ✔
                        a policy is judged                     ✔          ✔
                        peers are configured                   ✔          ✔
                        credentials are valid                  ✔          ✔
                        policies are compared with all peers   ✔          ✔

                        CLUSTER    VALID UNTIL                      CREDENTIALS FOR
                        cluster1   %1$s   cluster2
                        cluster2   %1$s   cluster1
                        """
                                .formatted(End.text(end, Instant.now())));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(mesh.clusters).allSatisfy(it -> assertThat(it.changes()).isEmpty());
    }

    @Test
    void saysWhatMayNotBeReadAndNothingElseAboutIt() {
        mesh.cluster(1)
                .forbidden
                .addAll(
                        List.of(
                                "deployments",
                                "secrets",
                                "validatingwebhook",
                                "dryRun=All",
                                "cilium-config"));

        var ran = mesh.run("status");

        assertThat(ran.out())
                .contains(
                        "? cluster1: pods are ready: may not be read: not allowed to get deployments (403)")
                .contains(
                        "? cluster1: certificate is valid: may not be read: not allowed to get secrets (403)")
                .contains("? cluster1: API server trusts the certificate: may not be read: ")
                .contains("? cluster1: a policy is judged: not known: not allowed to create ")
                .contains("? cluster1: peers are configured: may not be read: ")
                .doesNotContain("✘", "install Cilium", "there is no", "hunter2");
        assertThat(ran.code()).isZero();
        assertThat(mesh.run("status", "--require-all").code()).isEqualTo(2);
    }

    @Test
    void saysWhatIsNotThereAndWhatToDo() {
        var bare = mesh.cluster(1);
        bare.objects
                .keySet()
                .removeIf(it -> it.matches(".*(cilium.io/v2|deployments|secrets|webhook).*"));

        var ran = mesh.run("status");

        assertThat(ran.out())
                .contains(
                        "✘ cluster1: Cilium's policy kinds are installed: its API server does not know ciliumnetworkpolicies, ciliumclusterwidenetworkpolicies\n  → install Cilium first")
                .contains(
                        "✘ cluster1: pods are ready: there is no Deployment\n  → kubectl --context cluster1 apply -k k8s")
                .contains(
                        "✘ cluster1: certificate is valid: there is no Secret lockstep-tls\n  → k8s/certify.sh cluster1, or")
                .contains(
                        "✘ cluster1: API server trusts the certificate: there is no webhook configuration\n")
                .contains("✘ cluster1: peers are configured: it has no peer\n")
                .doesNotContain("✘ cluster2");
        assertThat(ran.code()).isEqualTo(1);
    }

    @Test
    void anUnreachableClusterIsSaidAndTheOthersAreChecked() {
        mesh.cluster(2).close();

        var ran = mesh.run("status");

        assertThat(ran.out())
                .contains("API server answers                     ✔          ✘\n")
                .contains("pods are ready                         ✔          -\n")
                .contains(
                        "✘ cluster2: API server answers: connection refused\n  → is cluster2 right in your kubeconfig?");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(mesh.run("status", "--contexts", "cluster9").err())
                .isEqualTo("error: no context is called cluster9; there are: cluster1, cluster2\n");
    }

    @Test
    void aFileThatTheWebhookRefusesIsWrong() {
        mesh.cluster(1).file("cluster2", file(mesh.cluster(2).uid(), "exec: {command: hunter2}"));

        assertThat(mesh.run("status").out())
                .contains(
                        "✘ cluster1: credentials are valid: the one for cluster2 cannot be used: users[0].user.exec is not allowed\n  → kubectl lockstep connect --contexts cluster1,cluster2\n")
                .doesNotContain("hunter2");
    }

    @Test
    void aCredentialThatEndedOrEndsSoonIsWrong() {
        knows(1, 2, Instant.now().minus(Duration.ofHours(5)));
        knows(2, 1, Instant.now().plus(Duration.ofMinutes(90)));

        assertThat(mesh.run("status").out())
                .contains("✘ cluster1: credentials are valid: the one for cluster2 expired: ")
                .contains(" UTC (5 h ago)\n")
                .containsPattern(
                        "✘ cluster2: credentials are valid: the one for cluster1 expires: .* UTC \\(in (89|90) min\\)\n");
    }

    @Test
    void oneClusterUnderTwoNamesIsWrong() {
        var uid = mesh.cluster(2).uid();
        mesh.cluster(1).file("eu-2", file(uid, "token: opaque"));

        var ran = mesh.run("status");

        assertThat(ran.out())
                .contains("✘ cluster1: peers are configured: cluster2 and eu-2 are one cluster\n");
        assertThat(ran.err())
                .isEqualTo("cluster1 knows cluster2 as eu-2, but its Cilium calls it cluster2\n");
        mesh.cluster(2).file("itself", file(uid, "token: opaque"));
        assertThat(mesh.run("status").out())
                .contains(
                        "✘ cluster2: peers are configured: this cluster and itself are one cluster\n");
    }

    @Test
    void aCertificateThatTheApiServerWillNotTakeIsWrong() {
        serving(
                mesh.cluster(1),
                AUTHORITY.issueForName(HOST, Instant.now().plus(DAY.multipliedBy(6))));
        serving(
                mesh.cluster(2),
                TestCertificate.authority().issueForName("other", Instant.now().plus(DAY)));

        assertThat(mesh.run("status").out())
                .contains("✘ cluster1: certificate is valid: it expires on ")
                .contains("  → k8s/certify.sh cluster1")
                .contains("✘ cluster2: certificate is valid: it is not valid for " + HOST)
                .contains(
                        "✘ cluster2: API server trusts the certificate: caBundle is not the CA of the certificate in Secret lockstep-tls\n")
                .doesNotContain("✘ cluster1: API server trusts");
    }

    @Test
    void whatTheWebhookSaysOfAPolicyTellsWhetherItWorks() {
        var one = mesh.cluster(1).warnings;
        var two = mesh.cluster(2).warnings;
        one.set(0, "lockstep-verify: not compared with cluster2 (connection refused) [Unknown]");
        two.set(
                0,
                "failed calling webhook, failing open policies.lockstep.mesh: connection refused");

        assertThat(mesh.run("status").out())
                .contains(
                        "✘ cluster1: policies are compared with all peers: not with cluster2 (connection refused)\n  → docs/operations.md, A peer is Unknown\n")
                .contains(
                        "✘ cluster2: a policy is judged: , failing open policies.lockstep.mesh: connection refused\n");

        one.clear();
        two.clear();
        mesh.cluster(1).metrics = "other_metric 7\n";
        mesh.cluster(2).forbidden.add("metrics");
        assertThat(mesh.run("status").out())
                .contains(
                        "✘ cluster1: a policy is judged: the API server got no answer, and admits policies unchecked\n")
                .contains(
                        "? cluster2: a policy is judged: not known: the webhook said nothing, and /metrics may not be read\n");
    }

    /// The sentences that are looked for are those that a webhook says, whatever they are.
    @Test
    void understandsWhatTheWebhookSays() {
        for (var peers : List.of(List.of("b"), List.of("b", "c"))) {
            var missing =
                    peers.stream().map(it -> (Finding) new Finding.Missing(new ClusterName(it)));
            mesh.cluster(1).warnings.set(0, said(missing.toList()));
            mesh.cluster(2)
                    .warnings
                    .set(0, said(List.of(new Finding.Unknown(new ClusterName("b"), "gone"))));

            var ran = mesh.run("status");

            assertThat(ran.out())
                    .contains("a policy is judged                     ✔          ✔\n")
                    .contains("policies are compared with all peers   ✔          ✘\n")
                    .contains(
                            "✘ cluster2: policies are compared with all peers: not with b (gone)\n");
        }
    }

    private static String said(List<Finding> findings) {
        var key = new PolicyKey(PolicyKey.Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY, "", Probe.NAME);
        var weighed = findings.stream().map(it -> new Verdict.Weighed(it, Severity.WARN)).toList();
        var judgement = new Judgement(new Verdict.Admitted(weighed), List.of(), false);
        return new Warnings(new Wording(Disclosure.VALUES)).of(key, judgement).getFirst();
    }

    @Test
    void programsGetTheSame() throws IOException {
        mesh.cluster(1).objects.remove("apis/apps/v1/namespaces/lockstep/deployments/lockstep");

        var json =
                StrictJson.read(
                        mesh.run("status", "-o", "json").out().getBytes(StandardCharsets.UTF_8));

        var cluster = json.at("/clusters/0");
        assertThat(cluster.path("context").asText()).isEqualTo("cluster1");
        assertThat(cluster.at("/checks/2/state").asText()).isEqualTo("wrong");
        assertThat(cluster.at("/checks/2/cause").asText()).isEqualTo("there is no Deployment");
        assertThat(cluster.at("/credentials/0/peer").asText()).isEqualTo("cluster2");
        assertThat(Instant.parse(cluster.at("/credentials/0/validUntil").asText()))
                .isAfter(Instant.now());
        assertThat(mesh.run("status", "-o", "yaml").out())
                .startsWith("clusters:\n- context: \"cluster1\"");
    }
}
