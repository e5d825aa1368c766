package mesh.lockstep.beside;

import static mesh.lockstep.support.Waiting.LATER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Program;
import mesh.lockstep.support.WebhookProcess;
import mesh.lockstep.support.Yaml;

/// A mesh of three real clusters, in the first of which all are asked: each about the policies of a
/// namespace with its name. The peers have another version of each policy, and the first cluster
/// has copies of that as well, for those that cannot ask.
final class Stage implements AutoCloseable {

    static final int POLICIES = 20;
    static final String CLUSTER = "cluster1";
    static final List<String> PEERS = List.of("cluster2", "cluster3");

    /// The name by which an API server reaches a webhook. It speaks HTTP/2 to those of loopback,
    /// and HTTP/1.1 to a Service, which this one is.
    static final String HOST = "lockstep.lockstep.svc";

    private static final Path MANIFESTS = Path.of("src/programs/beside");

    private final Mesh mesh = Mesh.start("beside", "--clusters", "3");
    private final Path folder = Program.folder("beside");
    private final ClusterApi api = new ClusterApi(mesh, CLUSTER);

    Stage() {
        WebhookProcess.makeCertificates(folder);
        kubectl(
                "create",
                "service",
                "externalname",
                "lockstep",
                "--external-name=localhost",
                "--namespace=lockstep");
        try {
            Files.writeString(kubeconfig(), mesh.kubeconfig(CLUSTER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        apply("copies.yaml");
        for (var peer : PEERS) {
            createNamespace(CLUSTER, peer);
            for (int i = 0; i < POLICIES; i++) {
                copy(peer, i);
            }
        }
    }

    private void copy(String peer, int number) {
        var copy =
                (ObjectNode)
                        Yaml.read(
                                "{apiVersion: beside.lockstep.mesh/v1, kind: PeerPolicy, metadata: {name: %s}}"
                                        .formatted(Version.name(number)));
        copy.set("spec", Version.PEERS.policy(peer, number).path("spec"));
        put(
                "/apis/beside.lockstep.mesh/v1/namespaces/%s/peerpolicies/%s"
                        .formatted(peer, Version.name(number)),
                copy);
    }

    /// Policies about which a webhook of that name will be asked.
    void furnish(String name) {
        createNamespace(CLUSTER, name);
        store(api, name, Version.HERE);
        for (var peer : PEERS) {
            createNamespace(peer, name);
            try (var there = new ClusterApi(mesh, peer)) {
                store(there, name, Version.PEERS);
            }
        }
    }

    private void createNamespace(String cluster, String name) {
        var output = mesh.kubectl(cluster).run("create", "namespace", name);
        assertThat(output.succeeded()).as(output.err()).isTrue();
    }

    private static void store(ClusterApi api, String namespace, Version version) {
        for (int i = 0; i < POLICIES; i++) {
            var policy = version.policy(namespace, i);
            var answer = api.applyAt(Version.path(namespace, i), policy, "flux", false);
            assertThat(answer.succeeded()).as(answer.message()).isTrue();
        }
    }

    /// Applies an object as it is.
    void put(String path, JsonNode object) {
        var answer = api.applyAt(path, object, "beside", false);
        assertThat(answer.succeeded()).as(answer.message()).isTrue();
    }

    /// Applies a manifest of ours, as soon as its kinds are known.
    void apply(String manifest) {
        var file = MANIFESTS.resolve(manifest).toString();
        var kubectl = mesh.kubectl(CLUSTER);
        await().alias(manifest)
                .atMost(LATER)
                .until(() -> kubectl.run("apply", "-f", file).succeeded());
    }

    /// Applies the definitions of the kinds of others, which are too large for an annotation.
    void applyKinds(Path folder) {
        kubectl("apply", "--server-side", "-f", folder.toString());
    }

    String kubectl(String... arguments) {
        var output = mesh.kubectl(CLUSTER).run(arguments);
        assertThat(output.succeeded()).as(output.err()).isTrue();
        return output.out();
    }

    /// What the launcher tells of the cluster in which all are asked.
    JsonNode cluster() {
        return mesh.cluster(CLUSTER);
    }

    ClusterApi api() {
        return api;
    }

    /// That of the cluster's admin.
    Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /// For logs; with the certificate of all webhooks, in `tls`.
    Path folder() {
        return folder;
    }

    Path authority() {
        return folder.resolve("tls/ca.crt");
    }

    @Override
    public void close() {
        api.close();
        mesh.close();
    }
}
