package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads files as kubectl does: YAML or JSON, several documents, lists, folders, standard input.
///
/// @param recursive whether folders in folders are read
record Documents(boolean recursive) {

    static final String STANDARD_INPUT = "-";

    /// The source of what was read from there.
    static final String FROM_STANDARD_INPUT = "standard input";

    /// What a list has.
    static final String ITEMS = "items";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// Characters of a file.
    private static final int MAX_FILE = 256 * 1024 * 1024;

    /// A document as it is written, or an item of a list in one.
    private record Written(Optional<Path> file, String source, Node node) {

        Written item(int index) {
            var items = Nodes.value(node, ITEMS).map(Nodes::items).orElse(List.of());
            return new Written(file, source, index < items.size() ? items.get(index) : node);
        }
    }

    /// @throws Unusable with what cannot be read, and why
    List<Document> read(List<String> sources) throws Unusable {
        var documents = new ArrayList<Document>();
        for (var source : sources) {
            if (source.equals(STANDARD_INPUT)) {
                parse(Optional.empty(), FROM_STANDARD_INPUT, standardInput(), documents);
            } else {
                for (var file : files(Path.of(source))) {
                    parse(Optional.of(file), file.toString(), text(file), documents);
                }
            }
        }
        return documents;
    }

    private List<Path> files(Path source) throws Unusable {
        if (!Files.isDirectory(source)) {
            return List.of(source);
        }
        try (Stream<Path> files = Files.walk(source, recursive ? Integer.MAX_VALUE : 1)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(yaml|yml|json)"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Unusable("the folder " + source + " cannot be read");
        }
    }

    private static String standardInput() throws Unusable {
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Unusable("standard input cannot be read");
        }
    }

    private static String text(Path file) throws Unusable {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Unusable("the file " + file + " cannot be read, or is not UTF-8");
        }
    }

    private static void parse(
            Optional<Path> file, String source, String yaml, List<Document> documents)
            throws Unusable {
        var settings = settings(source);
        var constructor = new StandardConstructor(settings);
        try {
            for (var node : new Compose(settings).composeAllFromString(yaml)) {
                var object = constructor.constructSingleDocument(Optional.of(node));
                add(new Written(file, source, node), MAPPER.valueToTree(object), documents);
            }
        } catch (YamlEngineException e) {
            throw new Unusable("not YAML: " + e.getMessage());
        }
    }

    /// How files are read.
    static LoadSettings settings(String source) {
        return LoadSettings.builder().setLabel(source).setCodePointLimit(MAX_FILE).build();
    }

    private static void add(Written written, JsonNode json, List<Document> documents) {
        if (json.path("kind").asText().endsWith("List") && json.path(ITEMS).isArray()) {
            for (int i = 0; i < json.path(ITEMS).size(); i++) {
                add(written.item(i), json.path(ITEMS).get(i), documents);
            }
        } else if (!json.isNull()) {
            var spot = Spot.of(written.file(), written.node());
            documents.add(new Document(written.source(), spot, json));
        }
    }
}
