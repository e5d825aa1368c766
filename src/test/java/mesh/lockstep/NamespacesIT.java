package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whether a namespace is shared with the mesh, here or in a peer, counts at once, not when all
/// policies are judged again, which happens every five minutes.
class NamespacesIT {

    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private static final Mesh MESH = Mesh.shared();

    private final Kubectl kubectl = MESH.kubectl("cluster1");
    private final Lookout lookout = new Lookout(MESH, "cluster1");

    @BeforeEach
    void aPolicyThatPeersLack() {
        kubectl.run("create", "namespace", "unshared");
        var applied =
                kubectl.apply(
                        """
                        apiVersion: cilium.io/v2
                        kind: CiliumNetworkPolicy
                        metadata: {name: allow-api, namespace: unshared}
                        spec: {endpointSelector: {}, ingress: [{}]}
                        """);
        assertThat(applied.succeeded()).as(applied.err()).isTrue();
        isSeenAs("RollingOut");
    }

    @AfterEach
    void takeItAway() {
        for (var cluster : List.of("cluster1", "cluster2", "cluster3")) {
            succeeds(MESH.kubectl(cluster).run("delete", "cnp", "-A", "--all"));
        }
        kubectl.run("annotate", "namespace", "own-affair", "clustermesh.cilium.io/global-");
    }

    @Test
    void aNamespaceThatIsNoLongerSharedExemptsItsPoliciesAtOnce() {
        kubectl("annotate", "namespace", "unshared", "clustermesh.cilium.io/global=false");
        isSeenAs("Exempt");

        kubectl("annotate", "namespace", "unshared", "clustermesh.cilium.io/global-");
        isSeenAs("RollingOut");
    }

    /// As cluster1 sees it itself: what it does not share is its own affair.
    @Test
    void whatOneMemberDoesNotShareConcernsNoOther() {
        for (var cluster : List.of("cluster1", "cluster2", "cluster3")) {
            MESH.kubectl(cluster).run("create", "namespace", "own-affair");
            succeeds(MESH.kubectl(cluster).apply(policy(80)));
        }
        succeeds(
                kubectl.run(
                        "patch",
                        "cnp",
                        "allow-api",
                        "-n",
                        "own-affair",
                        "--type=json",
                        "-p",
                        patch(81)));
        isRefused(policy(82));

        kubectl("annotate", "namespace", "own-affair", "clustermesh.cilium.io/global=false");

        await().atMost(AT_ONCE)
                .untilAsserted(
                        () ->
                                assertThat(
                                                MESH.kubectl("cluster2")
                                                        .apply(policy(82), "--dry-run=server")
                                                        .warnings())
                                        .containsExactly(
                                                "own-affair/allow-api: 1 member still has the previous version: cluster3 [Previous]"));
        await().atMost(AT_ONCE)
                .untilAsserted(
                        () -> assertThat(relation("cluster2", "cluster1")).isEqualTo("Exempt"));
    }

    private static String relation(String here, String peer) {
        for (var policy :
                new Lookout(MESH, here)
                        .overview("show=all&namespace=own-affair")
                        .path("policies")) {
            for (var one : policy.path("peers")) {
                if (one.path("name").asText().equals(peer)) {
                    return one.path("state").asText();
                }
            }
        }
        return "";
    }

    private static void isRefused(String policy) {
        await().atMost(AT_ONCE)
                .untilAsserted(
                        () ->
                                assertThat(
                                                MESH.kubectl("cluster2")
                                                        .apply(policy, "--dry-run=server")
                                                        .err())
                                        .contains("would differ from cluster1"));
    }

    private static String patch(int port) {
        return "[{\"op\":\"replace\",\"path\":\"/spec/ingress/0/toPorts/0/ports/0/port\",\"value\":\"%d\"}]"
                .formatted(port);
    }

    private static String policy(int port) {
        return """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: allow-api, namespace: own-affair}
        spec:
          endpointSelector: {matchLabels: {app: api}}
          ingress:
          - fromEntities: [cluster]
            toPorts: [{ports: [{port: "%d"}]}]
        """
                .formatted(port);
    }

    private void kubectl(String... arguments) {
        succeeds(kubectl.run(arguments));
    }

    private static void succeeds(Kubectl.Output run) {
        assertThat(run.succeeded()).as(run.err()).isTrue();
    }

    private void isSeenAs(String state) {
        await().atMost(AT_ONCE)
                .untilAsserted(
                        () ->
                                assertThat(
                                                lookout.overview("show=all&namespace=unshared")
                                                        .path("policies")
                                                        .path(0)
                                                        .path("state")
                                                        .asText())
                                        .isEqualTo(state));
    }
}
