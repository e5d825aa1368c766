package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import mesh.lockstep.support.Document;
import mesh.lockstep.support.ImageRegistry;
import mesh.lockstep.support.Sources;
import mesh.lockstep.support.WebhookProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The image that the command of Maven in docs/image.md pushes, into a registry on this machine.
/// Its base has no JVM; the webhook in it is started by this machine's.
@Tag("release")
class ImageIT {

    private static final String NAME = "platform/lockstep";
    private static final String LABEL = "org.opencontainers.image.";
    private static final String HOME = "opt/lockstep/";

    /// As `tar -tv` lists it: mode, owner, path.
    private static final Pattern ENTRY =
            Pattern.compile("(\\S{10}) (\\d+/\\d+) +\\d+ \\S+ \\S+ (.+)");

    @TempDir static Path folder;

    private static ImageRegistry registry;
    private static String revision;
    private static final Map<String, JsonNode> MANIFESTS = new TreeMap<>();

    @BeforeAll
    static void push() throws IOException {
        registry = new ImageRegistry();
        var documented = Document.of("docs/image.md").commands("On a JVM, without an engine");
        var command =
                String.join(" ", documented)
                        .replace("\\", "")
                        .replace("registry.example.com", registry.address());
        assertThat(command).startsWith("./mvnw package ").contains(registry.address());
        var sources =
                Sources.in(folder)
                        .run(
                                "git init -q && git -c user.name=me -c user.email=me@example.com"
                                        + " commit -q --allow-empty -m Release");
        revision = output("git", "-C", folder.toString(), "rev-parse", "HEAD").strip();
        sources.run(
                command
                        + " -Dquick -Dmaven.test.skip -Dquarkus.container-image.insecure=true"
                        + " -Dquarkus.jib.base-image-layers-cache=target/base"
                        + " -Dquarkus.jib.application-layers-cache=target/layers"
                        + " -Dquarkus.jib.base-jvm-image="
                        + registry.address()
                        + "/base:jre");
        for (var entry : registry.manifest(NAME, "1.0.0").path("manifests")) {
            var platform = entry.path("platform");
            MANIFESTS.put(
                    platform.path("os").asText() + "/" + platform.path("architecture").asText(),
                    registry.manifest(NAME, entry.path("digest").asText()));
        }
    }

    @AfterAll
    static void end() {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void isForBothArchitecturesWithTheSameContents() {
        assertThat(MANIFESTS).containsOnlyKeys("linux/amd64", "linux/arm64");
        assertThat(MANIFESTS.values())
                .allSatisfy(it -> assertThat(layers(it)).hasSizeGreaterThan(2));
        assertThat(MANIFESTS.values().stream().map(ImageIT::layers).distinct()).hasSize(1);
    }

    @Test
    void saysWhatItIsAndRunsAsNobody() {
        for (var manifest : MANIFESTS.values()) {
            var image = registry.config(NAME, manifest).path("config");

            assertThat(image.path("User").asText()).isEqualTo("65532:65532");
            assertThat(image.path("WorkingDir").asText()).isEqualTo("/opt/lockstep");
            assertThat(image.path("ExposedPorts").fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("8443/tcp", "9000/tcp");
            var labels = image.path("Labels");
            assertThat(labels.path(LABEL + "title").asText()).isEqualTo("Lockstep");
            assertThat(labels.path(LABEL + "description").asText()).contains("network policies");
            assertThat(labels.path(LABEL + "licenses").asText()).isEqualTo("Apache-2.0");
            assertThat(labels.path(LABEL + "version").asText()).matches("[0-9]+\\..+");
            assertThat(labels.path(LABEL + "source").asText())
                    .isEqualTo("https://git.example.com/platform/lockstep");
            assertThat(labels.path(LABEL + "revision").asText())
                    .isEqualTo(revision)
                    .matches("[0-9a-f]{40}");
        }
    }

    @Test
    void holdsTheApplicationAloneAndNothingThatItMayWrite() throws IOException {
        var files = new ArrayList<String>();
        for (var archive : archives()) {
            for (var line :
                    output("tar", "--numeric-owner", "-tvzf", archive.toString())
                            .lines()
                            .toList()) {
                var entry = ENTRY.matcher(line);
                assertThat(entry.matches()).as(line).isTrue();
                assertThat(entry.group(1)).as(line).matches("[d-]r[w-][x-]r-[x-]r-[x-]");
                assertThat(entry.group(2)).as(line).isEqualTo("0/0");
                files.add(entry.group(3));
            }
        }

        assertThat(files)
                .contains(HOME + "quarkus-run.jar", HOME + "quarkus/generated-bytecode.jar");
        assertThat(files)
                .allMatch(it -> it.startsWith(HOME) || HOME.startsWith(it))
                .noneMatch(it -> it.matches(".*(\\.key|\\.pem|\\.crt|\\.p12|kubeconfig.*|\\.env)"))
                .allMatch(
                        it ->
                                it.endsWith("/")
                                        || it.endsWith(".jar")
                                        || it.endsWith(".dat")
                                        || it.endsWith(".txt"));
        for (var file : files) {
            if (file.startsWith(HOME + "app/") && file.endsWith(".jar")) {
                try (var jar = new JarFile(root().resolve(file).toFile())) {
                    assertThat(jar.stream().map(JarEntry::getName))
                            .contains("mesh/lockstep/admission/AdmissionEndpoint.class")
                            .noneMatch(
                                    it ->
                                            it.matches(
                                                    ".*(Test|IT|Run)\\.class|.*(support|oracle)/.*"));
                }
            }
        }
    }

    @Test
    void startsByItsOwnCommand() throws IOException {
        var image = registry.config(NAME, amd64()).path("config");
        var home = root().resolve("." + image.path("WorkingDir").asText()).normalize();
        var command =
                new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", home.toString()));
        image.path("Entrypoint").forEach(it -> command.add(it.asText()));
        assertThat(command.get(4)).isEqualTo("java");
        command.set(4, Path.of(System.getProperty("java.home"), "bin", "java").toString());

        try (var webhook =
                WebhookProcess.start(
                        Files.createDirectories(folder.resolve("webhook")), Map.of(), command)) {
            webhook.awaitReady();
        }
    }

    private static JsonNode amd64() {
        return MANIFESTS.getOrDefault("linux/amd64", MissingNode.getInstance());
    }

    /// The layers that Jib adds; the first layer is the base's.
    private static List<String> layers(JsonNode manifest) {
        var digests = new ArrayList<String>();
        manifest.path("layers").forEach(it -> digests.add(it.path("digest").asText()));
        return digests.subList(1, digests.size());
    }

    private static List<Path> archives() throws IOException {
        var archives = new ArrayList<Path>();
        var place = Files.createDirectories(folder.resolve("archives"));
        var layers = amd64().path("layers");
        for (int i = 1; i < layers.size(); i++) {
            archives.add(registry.layer(NAME, layers.path(i), place.resolve(i + ".tar.gz")));
        }
        return archives;
    }

    /// Where all layers lie over each other, as in a container.
    private static Path root() throws IOException {
        var root = folder.resolve("root");
        if (!Files.exists(root)) {
            Files.createDirectories(root);
            for (var archive : archives()) {
                output("tar", "-xzf", archive.toString(), "-C", root.toString());
            }
        }
        return root;
    }

    private static String output(String... command) throws IOException {
        try {
            // Where tar says of each file that it does not know the time that Jib gave it.
            var errors = folder.resolve("errors.log");
            var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s, see %s", List.of(command), errors).isZero();
            return text;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
