package mesh.lockstep.peers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import mesh.lockstep.apiserver.StubApiServer;
import mesh.lockstep.apiserver.StubPolicies;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.peers.PeerDirectory.PeerFile;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.support.TestCertificate;
import mesh.lockstep.support.Wire;

/// A member of a [StubMesh]: its API server, the wire to it, and the file that describes it.
final class StubMember implements AutoCloseable {

    static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final TestCertificate CERTIFICATE = AUTHORITY.issueFor("127.0.0.1");

    private final ClusterName name;
    private final StubApiServer server;
    private final Wire wire;
    private final String uid;
    private volatile String kubeconfig;
    private volatile boolean flapping;

    StubMember(String name) {
        this(name, CERTIFICATE);
    }

    StubMember(String name, TestCertificate certificate) {
        this.name = new ClusterName(name);
        server = new StubApiServer(certificate).start();
        uid = server.uid();
        wire = new Wire(server.port());
        kubeconfig = Kubeconfigs.withToken("https://127.0.0.1:" + wire.port(), AUTHORITY);
    }

    ClusterName name() {
        return name;
    }

    StubApiServer server() {
        return server;
    }

    /// The uid of its cluster, whoever answers.
    String uid() {
        return uid;
    }

    boolean flapping() {
        return flapping;
    }

    void flapping(boolean on) {
        flapping = on;
    }

    StubPolicies policies() {
        return server.policies();
    }

    Wire wire() {
        return wire;
    }

    /// Rewrites its kubeconfig.
    void edit(String from, String to) {
        kubeconfig = kubeconfig.replace(from, to);
    }

    String address() {
        return "127.0.0.1:" + wire.port();
    }

    String kubeconfig() {
        return kubeconfig;
    }

    /// The settings of a webhook whose own cluster this is.
    Map<String, String> settings() {
        return Map.of(
                "QUARKUS_KUBERNETES_CLIENT_API_SERVER_URL", server.url(),
                "QUARKUS_KUBERNETES_CLIENT_CA_CERT_DATA", AUTHORITY.certificateData(),
                "QUARKUS_KUBERNETES_CLIENT_TOKEN", Kubeconfigs.TOKEN);
    }

    PeerFile file() {
        return new PeerFile.Content(ByteBuffer.wrap(kubeconfig.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        flapping = false;
        wire.close();
        server.close();
    }
}
