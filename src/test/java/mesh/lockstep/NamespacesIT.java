package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whether a namespace is shared with the mesh counts at once, not when all policies are judged
/// again, which happens every five minutes.
class NamespacesIT {

    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private final Kubectl kubectl = Mesh.shared().kubectl("cluster1");
    private final Lookout lookout = new Lookout(Mesh.shared(), "cluster1");

    @BeforeEach
    void aPolicyThatPeersLack() {
        kubectl("create", "namespace", "unshared");
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
        kubectl("delete", "cnp", "-n", "unshared", "--all");
    }

    @Test
    void aNamespaceThatIsNoLongerSharedExemptsItsPoliciesAtOnce() {
        kubectl("annotate", "namespace", "unshared", "clustermesh.cilium.io/global=false");
        isSeenAs("Exempt");

        kubectl("annotate", "namespace", "unshared", "clustermesh.cilium.io/global-");
        isSeenAs("RollingOut");
    }

    private void kubectl(String... arguments) {
        var run = kubectl.run(arguments);
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
