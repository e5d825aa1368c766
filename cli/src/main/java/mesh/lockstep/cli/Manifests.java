package mesh.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.StrictJson;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads policies from files as kubectl does: YAML or JSON, several documents, lists, folders,
/// standard input. Everything else in them is passed over.
///
/// @param namespace of policies that name none
/// @param recursive whether folders in folders are read
record Manifests(String namespace, boolean recursive) {

    static final String STANDARD_INPUT = "-";

    /// What a list has.
    static final String ITEMS = "items";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// Characters of a file.
    private static final int MAX_FILE = 256 * 1024 * 1024;

    /// @throws Unusable with what cannot be read, and why
    List<Manifest> read(List<String> sources) throws Unusable {
        var manifests = new ArrayList<Manifest>();
        for (var source : sources) {
            if (source.equals(STANDARD_INPUT)) {
                manifests.addAll(parse(Optional.empty(), "standard input", standardInput()));
            } else {
                for (var file : files(Path.of(source))) {
                    manifests.addAll(parse(Optional.of(file), file.toString(), text(file)));
                }
            }
        }
        return manifests;
    }

    private List<Path> files(Path source) throws Unusable {
        if (!Files.isDirectory(source)) {
            return List.of(source);
        }
        try (Stream<Path> files = Files.walk(source, recursive ? Integer.MAX_VALUE : 1)) {
            return files.filter(Files::isRegularFile)
                    .filter(it -> it.toString().matches(".*\\.(yaml|yml|json)"))
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

    private List<Manifest> parse(Optional<Path> file, String source, String yaml) throws Unusable {
        var settings = settings(source);
        var constructor = new StandardConstructor(settings);
        var manifests = new ArrayList<Manifest>();
        try {
            for (var node : new Compose(settings).composeAllFromString(yaml)) {
                var document = constructor.constructSingleDocument(Optional.of(node));
                add(new Written(file, source, node), MAPPER.valueToTree(document), manifests);
            }
        } catch (YamlEngineException e) {
            throw new Unusable("not YAML: " + e.getMessage());
        }
        return manifests;
    }

    /// How files are read.
    static LoadSettings settings(String source) {
        return LoadSettings.builder().setLabel(source).setCodePointLimit(MAX_FILE).build();
    }

    /// A document as it is written, or an item of a list in one.
    private record Written(Optional<Path> file, String source, Node node) {

        Written item(int index) {
            var items = Nodes.value(node, ITEMS).map(Nodes::items).orElse(List.of());
            return new Written(file, source, index < items.size() ? items.get(index) : node);
        }
    }

    private void add(Written written, JsonNode document, List<Manifest> manifests) throws Unusable {
        if (document.path("kind").asText().endsWith("List") && document.path(ITEMS).isArray()) {
            for (int i = 0; i < document.path(ITEMS).size(); i++) {
                add(written.item(i), document.path(ITEMS).get(i), manifests);
            }
            return;
        }
        var kind = kind(document);
        if (kind.isPresent()) {
            manifests.add(
                    new Manifest(
                            written.source(),
                            key(written.source(), kind.get(), document),
                            strict(document),
                            Spot.of(written.file(), written.node())));
        }
    }

    private static Optional<Kind> kind(JsonNode document) {
        for (var kind : Kind.values()) {
            if (kind.kindName().equals(document.path("kind").asText())
                    && document.path("apiVersion").asText().startsWith(kind.group() + "/")) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private PolicyKey key(String source, Kind kind, JsonNode document) throws Unusable {
        var metadata = document.path("metadata");
        var named = metadata.path("namespace").asText();
        var found = kind.namespaced() ? (named.isEmpty() ? namespace : named) : "";
        return PolicyKey.of(kind.kindName(), found, metadata.path("name").asText())
                .orElseThrow(
                        () ->
                                new Unusable(
                                        source + " has a " + kind.kindName() + " without a name"));
    }

    /// As an API server would pass it on.
    private static JsonNode strict(JsonNode document) throws Unusable {
        try {
            return StrictJson.read(MAPPER.writeValueAsBytes(document), Keep.POLICY);
        } catch (JsonProcessingException e) {
            throw new Unusable("a policy is not what an API server takes");
        } catch (IOException e) {
            throw new Unusable("a policy is larger than an API server takes");
        }
    }
}
