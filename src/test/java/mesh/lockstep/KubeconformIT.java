package mesh.lockstep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Checkout;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Schemas;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every manifest, by kubeconform: strictly, with the schemas of a real API server that knows the
/// kinds of Cilium, cert-manager and the Prometheus operator.
class KubeconformIT {

    private static final Path PROGRAM = Path.of("mesh/bin/kubeconform").toAbsolutePath();
    private static final Path COMPONENTS = Path.of("k8s/components");
    private static final Kubectl KUBECTL = Mesh.bare().kubectl("cluster1");

    @TempDir static Path folder;

    private static Checkout checkout;
    private static Path schemas;

    @BeforeAll
    static void makeSchemas() throws IOException {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException(
                    "kubeconform is not built: run mesh/build-tool.sh kubeconform, or all with make test");
        }
        checkout = Checkout.in(folder, Mesh.bare());
        checkout.succeed("certs/make-certs.sh");
        KUBECTL.run("apply", "--server-side", "-f", "mesh/bin/component-crds");
        KUBECTL.run("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
        schemas = folder.resolve("schemas");
        var openApi = KUBECTL.run("get", "--raw", "/openapi/v2").out().getBytes(UTF_8);
        assertThat(Schemas.of(StrictJson.read(openApi)).write(schemas)).isGreaterThan(100);
    }

    /// All that can be applied as it is, and each component with the base.
    static List<String> folders() throws IOException {
        var folders = new ArrayList<>(List.of("k8s", "k8s/base", "k8s/peer", "k8s/renewer"));
        try (var overlays = Files.list(Path.of("k8s/overlays"))) {
            overlays.forEach(it -> folders.add(it.toString()));
        }
        try (var components = Files.list(COMPONENTS)) {
            components.forEach(it -> folders.add(it.toString()));
        }
        return folders;
    }

    @ParameterizedTest
    @MethodSource("folders")
    void isValid(String manifests) {
        var checked = check(rendered(Path.of(manifests)));

        assertThat(checked.err()).isEmpty();
        assertThat(checked.out())
                .matches(
                        "(?s)Summary: [1-9][0-9]* resources? found parsing stdin - Valid: [1-9][0-9]*, Invalid: 0, Errors: 0, Skipped: 0\\s*");
        assertThat(checked.exitCode()).isZero();
    }

    @Test
    void aFieldThatDoesNotExistIsFound() {
        var manifests = rendered(Path.of("k8s/base"));

        for (var wrong :
                List.of(
                        manifests.replace("readOnlyRootFilesystem:", "readOnlyRootFileSystem:"),
                        manifests.replace("maxUnavailable: 1", "maximumUnavailable: 1"),
                        manifests.replace("containerPort: 8443", "containerPort: https"))) {
            assertThat(wrong).isNotEqualTo(manifests);
            assertThat(check(wrong).out()).contains("Invalid: 1");
        }
    }

    private static String rendered(Path manifests) {
        var overlay = manifests;
        if (manifests.startsWith(COMPONENTS)) {
            overlay = Path.of("k8s/overlays/only-" + manifests.getFileName());
            checkout.write(
                    overlay + "/kustomization.yaml",
                    List.of(
                            "apiVersion: kustomize.config.k8s.io/v1beta1",
                            "kind: Kustomization",
                            "resources: [../../base]",
                            "components: [../../components/" + manifests.getFileName() + "]"));
        }
        return checkout.succeed("kubectl kustomize " + overlay);
    }

    private static Kubectl.Output check(String manifests) {
        var errors = folder.resolve("kubeconform.err");
        var builder =
                new ProcessBuilder(
                                PROGRAM.toString(),
                                "-strict",
                                "-summary",
                                "-schema-location",
                                schemas + "/{{ .ResourceKind }}{{ .KindSuffix }}.json",
                                "-")
                        .redirectError(errors.toFile());
        try {
            var process = builder.start();
            try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
                in.write(manifests);
            }
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Kubectl.Output(process.waitFor(), out, Files.readString(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
