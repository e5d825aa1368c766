package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Kubectl.Output;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a client that creates or updates must be told about a policy that exists, on real API
/// servers: 409, from which every client goes on. And nothing gets in that way.
class CreationIT {

    private static final Mesh MESH = Mesh.shared();
    private static final List<String> CLUSTERS = List.of("cluster1", "cluster2", "cluster3");
    private static final int DELETIONS = 20;

    @BeforeEach
    void allHoldOneVersion() {
        for (var cluster : CLUSTERS) {
            succeeds(kubectl(cluster).apply(policy(80)));
        }
        await().atMost(SOON)
                .until(() -> kubectl("cluster3").apply(policy(80)).warnings().isEmpty());
    }

    @AfterEach
    void takeThemAway() {
        for (var cluster : CLUSTERS) {
            kubectl(cluster).run("delete", "cnp,ccnp", "--all", "-A");
        }
    }

    @Test
    void creatingWhatExistsIsAnsweredAsTheApiServerDoes() {
        for (var cluster : List.of("cluster1", "cluster2")) {
            succeeds(kubectl(cluster).apply(policy(82)));
        }
        for (var options : List.of(List.of(), List.of("--dry-run=server"))) {
            var created = create(policy(83), options.toArray(String[]::new));

            assertThat(created.err())
                    .contains("Error from server (AlreadyExists)")
                    .contains("CiliumNetworkPolicy default/allow-api already exists.");
        }
        // What would not be refused, it says itself.
        assertThat(create(policy(80)).err()).contains("(AlreadyExists)").doesNotContain("denied");
        assertThat(kubectl("cluster3").apply(policy(80)).succeeded()).isTrue();
    }

    /// With `generateName` the API server draws another name for each that exists.
    @Test
    void aGeneratedNameIsNotThatOfAnotherPolicy() {
        var named =
                create(
                        policy(81).replace("name: allow-api,", "generateName: allow-api-,"),
                        "-oname");

        assertThat(named.succeeded()).as(named.err()).isTrue();
        assertThat(named.out()).startsWith("ciliumnetworkpolicy.cilium.io/allow-api-");
    }

    /// A client that deletes and creates at once may get 409 or 403, but no fork gets in: no
    /// version that another test went back from, of which the others would only be ahead.
    @Test
    void noForkIsCreatedWhileItIsDeletedAndPutBack() throws InterruptedException {
        for (var cluster : List.of("cluster1", "cluster2")) {
            succeeds(kubectl(cluster).apply(policy(82)));
        }
        var over = new AtomicBoolean();
        var coming =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    for (int i = 0; i < DELETIONS; i++) {
                                        kubectl("cluster3").run("delete", "cnp", "allow-api");
                                        create(policy(80));
                                    }
                                    over.set(true);
                                });
        while (!over.get()) {
            var created = create(policy(91));
            assertThat(created.err()).containsAnyOf("(AlreadyExists)", "(Forbidden)");
        }
        coming.join();
    }

    /// As by `kubectl replace --force`: it is the update that it would be without the deletion.
    @Test
    void whatIsCreatedComesFromWhatWasDeletedAMomentAgo() {
        succeeds(kubectl("cluster3").run("delete", "cnp", "allow-api"));

        var created = create(policy(81));

        succeeds(created);
        assertThat(created.err())
                .contains("2 members still have the previous version: cluster1, cluster2");
    }

    @Test
    void whatWasDeletedMayComeBack() {
        for (var cluster : List.of("cluster1", "cluster2")) {
            succeeds(kubectl(cluster).apply(policy(82)));
        }
        succeeds(kubectl("cluster3").run("delete", "cnp", "allow-api"));
        assertThat(create(policy(92)).err()).contains("(Forbidden)").contains("would differ from");

        succeeds(create(policy(80)));
    }

    private static Output create(String manifest, String... options) {
        var command = new ArrayList<>(List.of("create", "-f", "-"));
        command.addAll(List.of(options));
        return kubectl("cluster3").runWithInput(manifest, command.toArray(String[]::new));
    }

    private static void succeeds(Output output) {
        assertThat(output.succeeded()).as(output.err()).isTrue();
    }

    private static Kubectl kubectl(String cluster) {
        return MESH.kubectl(cluster);
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
