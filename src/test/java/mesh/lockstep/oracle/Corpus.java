package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mesh.lockstep.support.PolicyPair;
import mesh.lockstep.support.Yaml;

/// The pairs under `src/test/resources/equality`, as questions to the oracle.
final class Corpus {

    private static final Path FOLDER = Path.of("src/test/resources/equality");

    private static final String CLUSTER = "io.cilium.k8s.policy.cluster";

    /// The cluster that the oracle takes both policies to be in.
    private static final TextNode HERE = TextNode.valueOf("here");

    private Corpus() {}

    /// A file's pair.
    ///
    /// @param same what its name says
    /// @param explained whether docs/equality.md says why it is different to us, should Cilium make
    ///   the same of both
    record Entry(String file, boolean same, boolean explained, ObjectNode question) {}

    static List<Entry> entries() {
        try (var files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile).sorted().map(Corpus::entry).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads the file as [PolicyPair] does.
    private static Entry entry(Path file) {
        var documents = Yaml.readAll(file);
        var hasOptions = documents.getFirst().has("options");
        var options = hasOptions ? documents.getFirst().path("options") : MissingNode.getInstance();
        var name = FOLDER.relativize(file).toString();
        var question = JsonNodeFactory.instance.objectNode().put("id", name);
        for (var side = 0; side < 2; side++) {
            var policy = documents.get(side + (hasOptions ? 1 : 0));
            var relative = options.path("relative").path(side);
            var object = object(policy, options.path("clusterwide").asBoolean());
            if (relative.isTextual()) {
                readAsHere(object, relative);
            }
            question.set(side == 0 ? "a" : "b", object);
            var defaultLocal = options.path("defaultLocalCluster").path(side);
            if (!defaultLocal.isMissingNode()) {
                question.putObject(side == 0 ? "optsA" : "optsB")
                        .set("policyDefaultLocalCluster", defaultLocal);
            }
        }
        var same = file.getFileName().toString().startsWith("same-");
        return new Entry(name, same, isExplained(PolicyPair.of(file), documents), question);
    }

    private static boolean isExplained(PolicyPair pair, List<JsonNode> documents) {
        return Pair.differOnlyAsWritten(pair.one(), pair.other())
                || documents.stream().anyMatch(it -> Questions.differ((ObjectNode) it));
    }

    private static ObjectNode object(JsonNode policy, boolean clusterwide) {
        var object = JsonNodeFactory.instance.objectNode();
        object.setAll((ObjectNode) policy.deepCopy());
        object.put("apiVersion", "cilium.io/v2");
        object.put("kind", clusterwide ? "CiliumClusterwideNetworkPolicy" : "CiliumNetworkPolicy");
        var metadata = object.putObject("metadata").put("name", "allow-api");
        if (!clusterwide) {
            metadata.put("namespace", "default");
        }
        return object;
    }

    /// A relative policy says its own cluster's name where it means "here". Labels of CIDR groups
    /// are not those of pods or nodes.
    private static void readAsHere(JsonNode node, JsonNode name) {
        if (node.path("key").asText().endsWith(CLUSTER)) {
            Place.all(node, it -> it.value().equals(name)).forEach(it -> it.put(HERE));
        }
        for (var property : node.properties()) {
            if (property.getKey().endsWith(CLUSTER) && property.getValue().equals(name)) {
                property.setValue(HERE);
            }
        }
        node.properties().stream()
                .filter(it -> !it.getKey().equals("cidrGroupSelector"))
                .forEach(it -> readAsHere(it.getValue(), name));
        if (node.isArray()) {
            node.forEach(it -> readAsHere(it, name));
        }
    }
}
