package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Kubectl.Output;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `k8s/examples/exemptions.yaml` on a real API server: alice may write policies and namespaces,
/// bob is also of the platform team.
class ExemptionsIT {

    private static final Kubectl KUBECTL = Mesh.bare().kubectl("cluster1");
    private static final String EXAMPLE = "k8s/examples/exemptions.yaml";
    private static final String[] ALICE = {"--as=alice"};
    private static final String[] BOB = {"--as=bob", "--as-group=platform"};

    @BeforeAll
    static void prepare() {
        succeeds(
                "create",
                "clusterrole",
                "tenant",
                "--verb=get,list,create,update,patch,delete",
                "--resource=ciliumnetworkpolicies.cilium.io,namespaces");
        succeeds(
                "create",
                "clusterrolebinding",
                "tenant",
                "--clusterrole=tenant",
                "--user=alice",
                "--user=bob");
        succeeds("apply", "-f", EXAMPLE);
        // It counts when the API server has seen it.
        for (var object :
                new String[] {
                    policy("members", "local"), namespace("lockstep.mesh/enforce: audit")
                }) {
            await().atMost(Duration.ofSeconds(60)).until(() -> !dryRun(object, ALICE).succeeded());
        }
    }

    @AfterAll
    static void takeItAway() {
        KUBECTL.run("delete", "-f", EXAMPLE);
        KUBECTL.run("delete", "cnp", "allow-api");
        KUBECTL.run("delete", "clusterrole,clusterrolebinding", "tenant");
    }

    @Test
    void onlyThoseWhoMayExemptTakeAPolicyOutOfTheComparison() {
        for (var annotation : new String[] {"members", "relative"}) {
            var policy = policy(annotation, annotation.equals("members") ? "local" : "true");

            assertThat(dryRun(policy, ALICE).err())
                    .contains("(Forbidden)")
                    .contains("lockstep.mesh/" + annotation)
                    .contains("you need the verb exempt");
            assertThat(dryRun(policy, BOB).succeeded()).isTrue();
        }
    }

    @Test
    void onlyThoseWhoMayDeclareCanRaiseARevision() {
        var policy = policy("revision", "7");

        assertThat(dryRun(policy, ALICE).err()).contains("you need the verb declare");
        assertThat(dryRun(policy, BOB).succeeded()).isTrue();
    }

    @Test
    void everybodyWritesWhatExemptsNothingAndKeepsWhatIsExempt() {
        assertThat(dryRun(policy("members", "all"), ALICE).succeeded()).isTrue();
        assertThat(dryRun(policy("revision", "0"), ALICE).succeeded()).isTrue();
        var exempt = policy("members", "local");
        assertThat(KUBECTL.apply(exempt, BOB).succeeded()).isTrue();

        assertThat(dryRun(exempt.replace("\"80\"", "\"81\""), ALICE).succeeded()).isTrue();
        assertThat(dryRun(policy("members", "all"), ALICE).succeeded()).isTrue();
        assertThat(dryRun(policy("members", "cluster1"), ALICE).err()).contains("(Forbidden)");
    }

    @Test
    void onlyThoseWhoMayExemptDecideHowANamespaceIsJudged() {
        var shared = namespace("team: web");
        var unshared =
                shared.replace(
                        "labels:",
                        "annotations: {clustermesh.cilium.io/global: \"false\"}, labels:");
        for (var namespace : new String[] {namespace("lockstep.mesh/enforce: audit"), unshared}) {
            assertThat(dryRun(namespace, ALICE).err()).contains("you need the verb exempt on it");
            assertThat(dryRun(namespace, BOB).succeeded()).isTrue();
        }
        assertThat(dryRun(shared, ALICE).succeeded()).isTrue();
    }

    private static Output dryRun(String manifest, String... as) {
        var options = new String[as.length + 1];
        System.arraycopy(as, 0, options, 0, as.length);
        options[as.length] = "--dry-run=server";
        return KUBECTL.apply(manifest, options);
    }

    private static void succeeds(String... arguments) {
        var output = KUBECTL.run(arguments);
        assertThat(output.succeeded()).as(output.err()).isTrue();
    }

    private static String policy(String annotation, String value) {
        return """
               apiVersion: cilium.io/v2
               kind: CiliumNetworkPolicy
               metadata: {name: allow-api, namespace: default, annotations: {lockstep.mesh/%s: "%s"}}
               spec:
                 endpointSelector: {matchLabels: {app: api}}
                 ingress:
                 - toPorts: [{ports: [{port: "80", protocol: TCP}]}]
               """
                .formatted(annotation, value);
    }

    private static String namespace(String label) {
        return """
               apiVersion: v1
               kind: Namespace
               metadata: {name: team-a, labels: {%s}}
               """
                .formatted(label);
    }
}
