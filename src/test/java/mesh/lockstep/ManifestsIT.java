package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The manifests as users apply them, on a real API server.
class ManifestsIT {

    private static Mesh mesh;
    private static Kubectl kubectl;

    @TempDir static Path checkout;

    @BeforeAll
    static void applyEverything() throws IOException, InterruptedException {
        mesh = Mesh.start("manifests", "--clusters", "1");
        kubectl = mesh.kubectl("cluster1");
        copy(Path.of("k8s"));
        copy(Path.of("certs"));
        var made =
                new ProcessBuilder(checkout.resolve("certs/make-certs.sh").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(Path.of("target/make-certs.log").toFile())
                        .start();
        assertThat(made.waitFor()).as("see target/make-certs.log").isZero();
    }

    @AfterAll
    static void end() {
        mesh.close();
    }

    @Test
    void applyWithoutErrorOrWarningAndAgain() {
        for (var folder : new String[] {"k8s/peer", "k8s", "k8s/peer", "k8s"}) {
            var applied = kubectl.run("apply", "-k", checkout.resolve(folder).toString());

            assertThat(applied.err()).as(folder).isEmpty();
            assertThat(applied.succeeded()).isTrue();
        }
        assertThat(webhook("{.webhooks[*].failurePolicy}")).isEqualTo("Ignore Ignore");
        assertThat(webhook("{.webhooks[*].timeoutSeconds}")).isEqualTo("3 3");
        assertThat(webhook("{.webhooks[*].rules[*].operations}"))
                .isEqualTo("[\"CREATE\",\"UPDATE\"] [\"DELETE\"]");
        assertThat(webhook("{.webhooks[0].clientConfig.caBundle}")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "lockstep-peer, list, ciliumnetworkpolicies.cilium.io, yes",
        "lockstep-peer, watch, ciliumclusterwidenetworkpolicies.cilium.io, yes",
        "lockstep-peer, get, namespaces, yes",
        "lockstep-peer, update, ciliumnetworkpolicies.cilium.io, no",
        "lockstep-peer, delete, ciliumnetworkpolicies.cilium.io, no",
        "lockstep-peer, list, secrets, no",
        "lockstep-peer, get, configmaps, no",
        "lockstep-peer, list, pods, no",
        "lockstep, get, configmaps/cilium-config, yes",
        "lockstep, get, configmaps/other, no",
        "lockstep, watch, namespaces, yes",
        "lockstep, update, namespaces, no",
        "lockstep, get, secrets, no",
        "lockstep, list, ciliumnetworkpolicies.cilium.io, no",
    })
    void grantNotAVerbMore(String account, String verb, String resource, String answer) {
        kubectl.run("apply", "-k", checkout.resolve("k8s/peer").toString());
        kubectl.run("apply", "-k", checkout.resolve("k8s").toString());

        var can =
                kubectl.run(
                        "auth",
                        "can-i",
                        verb,
                        resource,
                        "--namespace",
                        "kube-system",
                        "--as",
                        "system:serviceaccount:lockstep:" + account);

        assertThat(can.out().strip()).isEqualTo(answer);
    }

    private static String webhook(String path) {
        return kubectl.run(
                        "get",
                        "validatingwebhookconfiguration",
                        "lockstep",
                        "-o",
                        "jsonpath=" + path)
                .out();
    }

    private static void copy(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path dir, BasicFileAttributes attributes) throws IOException {
                        if (dir.endsWith("out")) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        Files.createDirectories(checkout.resolve(dir));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.copy(
                                file, checkout.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
