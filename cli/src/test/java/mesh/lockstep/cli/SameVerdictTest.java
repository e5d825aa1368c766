package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whether two policies are the same, the command line says as the webhook does: for every pair of
/// which the webhook's own tests know it.
class SameVerdictTest {

    private static final Path PAIRS = Path.of("../src/test/resources/equality");

    @TempDir private Path folder;

    /// A pair and what is known of it.
    private record Pair(String name, JsonNode options, JsonNode one, JsonNode other) {

        static Pair of(Path file) {
            var documents = Yaml.readAll(file);
            var last = documents.size() - 1;
            return new Pair(
                    PAIRS.relativize(file).toString(),
                    documents.getFirst().path("options"),
                    documents.get(last - 1),
                    documents.get(last));
        }

        /// Folders have no settings of Cilium, and two of one name are no two clusters.
        boolean isOfFolders() {
            var names = options.path("relative");
            return !options.has("defaultLocalCluster")
                    && (!names.isArray() || !names.get(0).equals(names.get(1)));
        }

        boolean isSame() {
            return name.contains("/same-");
        }

        String folder(int side) {
            return options.path("relative").path(side).asText("side" + side);
        }

        /// @param number by which the policy is called
        String manifest(int side, int number) {
            var object = (ObjectNode) (side == 0 ? one : other).deepCopy();
            var kind =
                    options.path("clusterwide").asBoolean()
                            ? "CiliumClusterwideNetworkPolicy"
                            : "CiliumNetworkPolicy";
            object.put("apiVersion", "cilium.io/v2").put("kind", kind);
            var metadata = object.withObject("/metadata").put("name", "pair-" + number);
            if (options.has("relative")) {
                metadata.withObject("/annotations").put("lockstep.mesh/relative", "true");
            }
            return Yaml.write(object);
        }
    }

    @Test
    void ofEveryPair() throws IOException, Unusable {
        var pairs = pairs();
        assertThat(pairs).hasSizeGreaterThan(400);
        for (int i = 0; i < pairs.size(); i++) {
            write(pairs.get(i), i);
        }

        var standings = new TreeMap<String, Standing>();
        for (var clusters : Set.copyOf(pairs.stream().map(this::clusters).toList())) {
            var diff = FolderDiff.of(clusters, new Manifests("default", false));
            diff.survey().policies().forEach(it -> standings.put(it.key().name(), it.standing()));
        }

        for (int i = 0; i < pairs.size(); i++) {
            assertThat(standings.get("pair-" + i))
                    .as(pairs.get(i).name())
                    .isEqualTo(pairs.get(i).isSame() ? Standing.AGREES : Standing.DIFFERS);
        }
    }

    private void write(Pair pair, int number) throws IOException {
        for (int side : List.of(0, 1)) {
            var cluster = Files.createDirectories(Path.of(clusters(pair).get(side)));
            Files.writeString(cluster.resolve(number + ".yaml"), pair.manifest(side, number));
        }
    }

    /// Two folders for all pairs of clusters with the same names.
    private List<String> clusters(Pair pair) {
        var both = folder.resolve(pair.folder(0) + "-" + pair.folder(1));
        return List.of(
                both.resolve(pair.folder(0)).toString(), both.resolve(pair.folder(1)).toString());
    }

    private static List<Pair> pairs() throws IOException {
        try (var files = Files.walk(PAIRS)) {
            return files.filter(it -> it.toString().endsWith(".yaml"))
                    .sorted()
                    .map(Pair::of)
                    .filter(Pair::isOfFolders)
                    .toList();
        }
    }
}
