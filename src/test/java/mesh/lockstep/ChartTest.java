package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;

/// What the chart and `k8s/` have in common is the same. What becomes of it: `ChartIT`.
class ChartTest {

    private static final Path CHART = Path.of("charts/lockstep");

    @Test
    void theSharedManifestsAreTheSameWordForWord() throws IOException {
        var shared = new TreeMap<String, String>();
        for (var folder : Set.of("base", "components")) {
            shared.putAll(texts(Path.of("k8s"), folder));
        }
        shared.keySet()
                .removeIf(
                        it ->
                                it.endsWith("kustomization.yaml")
                                        || it.equals("base/10-namespace.yaml"));

        assertThat(texts(CHART.resolve("files"), ""))
                .as("make chart copies them")
                .hasSizeGreaterThan(15)
                .isEqualTo(shared);
    }

    @Test
    void everyComponentHasASwitch() throws IOException {
        var values = Yaml.read(CHART.resolve("values.yaml"));
        var schema = Yaml.read(CHART.resolve("values.schema.json")).path("properties");
        var switches = new TreeSet<String>();
        values.path("components").fieldNames().forEachRemaining(switches::add);
        var components = new TreeSet<String>();
        try (var folders = Files.list(Path.of("k8s/components"))) {
            folders.forEach(it -> components.add(it.getFileName().toString()));
        }

        // The two are ways to a certificate, of which there is one.
        assertThat(components.remove("cert-manager")).isTrue();
        assertThat(components.remove("own-certificates")).isTrue();
        assertThat(switches).isEqualTo(components);
        assertThat(schema.at("/components/properties").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(components);
        assertThat(schema.fieldNames()).toIterable().containsAll(() -> values.fieldNames());
    }

    private static Map<String, String> texts(Path root, String folder) throws IOException {
        var texts = new TreeMap<String, String>();
        try (var files = Files.walk(root.resolve(folder))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                texts.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        return texts;
    }
}
