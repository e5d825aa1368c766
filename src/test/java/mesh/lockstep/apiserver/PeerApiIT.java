package mesh.lockstep.apiserver;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.AfterAll;

/// A real kube-apiserver, read as a peer with the credentials of a peer.
class PeerApiIT extends PeerApiContract {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Mesh MESH = Mesh.start("peer-api", "--clusters", "2");
    private static final ClusterApi WRITER = new ClusterApi(MESH, "cluster2");
    private static final String KUBECONFIG = kubeconfig();
    private static final PeerApi API = PeerApis.open(KUBECONFIG, VERTX);
    private static final PeerApi STRANGER =
            PeerApis.open(KUBECONFIG.replaceFirst("token: \\S+", "token: unknown"), VERTX);

    @AfterAll
    static void close() {
        API.close();
        STRANGER.close();
        WRITER.close();
        MESH.close();
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Override
    PeerApi api() {
        return API;
    }

    @Override
    PeerApi stranger() {
        return STRANGER;
    }

    @Override
    void put(String name, int port) {
        var policy =
                Yaml.read(
                        """
                        apiVersion: cilium.io/v2
                        kind: CiliumNetworkPolicy
                        metadata: {name: %s, namespace: default}
                        spec:
                          endpointSelector: {}
                          ingress: [{toPorts: [{ports: [{port: "%d"}]}]}]
                        """
                                .formatted(name, port));
        var answer = WRITER.apply(name, policy, "test", false);
        if (!answer.succeeded()) {
            throw new AssertionError(answer.message());
        }
    }

    @Override
    void delete(String name) {
        WRITER.delete(name);
    }

    @Override
    void putGroup(String name) {
        var group =
                """
                apiVersion: cilium.io/v2
                kind: CiliumCIDRGroup
                metadata: {name: %s}
                spec: {externalCIDRs: [192.0.2.0/24]}
                """
                        .formatted(name);
        var applied = MESH.kubectl("cluster2").apply(group);
        if (!applied.succeeded()) {
            throw new AssertionError(applied.err());
        }
    }

    /// Version 1 is older than whatever an API server keeps.
    @Override
    void forget() {}

    private static String kubeconfig() {
        try {
            var folder = Mesh.path(MESH.cluster("cluster1"), "peersDirectory");
            return Files.readString(folder.resolve("cluster2"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
