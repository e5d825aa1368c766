package mesh.lockstep.peers;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import mesh.lockstep.apiserver.StubApiServer;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.support.TestCertificate;

/// For an application under test: cluster1, whose folder of peers has a good one, a bad one, itself
/// and a file that is none.
public final class PeersFolder implements QuarkusTestResourceLifecycleManager {

    private static final TestCertificate AUTHORITY = TestCertificate.authority();

    private final StubApiServer server = new StubApiServer(AUTHORITY.issueFor("127.0.0.1"));

    @Override
    public Map<String, String> start() {
        try {
            server.start().policies().put("ciliumnetworkpolicies", "default/allow-api", "{}");
            var good = Kubeconfigs.withToken(server.url(), AUTHORITY);
            var folder = Files.createTempDirectory("peers");
            Files.writeString(folder.resolve("good"), good);
            Files.writeString(folder.resolve("bad"), good.replace("token:", "tokenFile:"));
            Files.writeString(folder.resolve("cluster1"), good);
            Files.writeString(folder.resolve("readme.txt"), "");
            return Map.of(
                    "lockstep.peers.directory",
                    folder.toString(),
                    "lockstep.peers.ready-wait",
                    "1s");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void stop() {
        server.close();
    }
}
