package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our tests must not touch what a developer's current kubectl context points at: here it points at
/// a server that counts its visitors.
class DevelopersClusterIT {

    @TempDir Path folder;

    @Test
    void testsOfTheApplicationLeaveTheCurrentContextAlone() throws Exception {
        try (var door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var visitors = new AtomicInteger();
            Thread.ofVirtual().start(() -> count(door, visitors));
            var kubeconfig = kubeconfig(door.getLocalPort());

            var log = folder.resolve("maven.log");
            var maven =
                    new ProcessBuilder(
                                    "./mvnw",
                                    "surefire:test",
                                    "-Dquick",
                                    "-Dtest=AdmissionEndpointIT",
                                    "-DexcludedGroups=none")
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile());
            maven.environment().put("KUBECONFIG", kubeconfig.toString());
            maven.environment().put("JAVA_HOME", System.getProperty("java.home"));

            assertThat(maven.start().waitFor()).as(Files.readString(log)).isZero();
            assertThat(Files.readString(log)).containsPattern("Tests run: [1-9]");
            assertThat(visitors).hasValue(0);
        }
    }

    private Path kubeconfig(int port) throws IOException {
        return Files.writeString(
                folder.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                current-context: production
                clusters:
                - name: production
                  cluster: {server: "http://127.0.0.1:%d"}
                users:
                - name: me
                  user: {token: mine}
                contexts:
                - name: production
                  context: {cluster: production, user: me}
                """
                        .formatted(port));
    }

    private static void count(ServerSocket door, AtomicInteger visitors) {
        while (!door.isClosed()) {
            try (var _ = door.accept()) {
                visitors.incrementAndGet();
            } catch (IOException e) {
                return;
            }
        }
    }
}
