package mesh.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.Names;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.StrictJson;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads policies from files as kubectl does: YAML or JSON, several documents, lists, folders,
/// standard input.
///
/// @param namespace of policies that name none
/// @param recursive whether folders in folders are read
record Manifests(String namespace, boolean recursive) {

    static final String STANDARD_INPUT = "-";

    /// The source of what was read from there.
    static final String FROM_STANDARD_INPUT = "standard input";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// Characters of a file.
    private static final int MAX_FILE = 256 * 1024 * 1024;

    /// What a file has, before it is known what that is.
    private record Document(String source, JsonNode json) {

        Optional<Kind> kind() {
            return Arrays.stream(Kind.values())
                    .filter(it -> it.kindName().equals(json.path("kind").asText()))
                    .filter(it -> json.path("apiVersion").asText().startsWith(it.group() + "/"))
                    .findFirst();
        }

        String title() {
            return "%s has %s %s"
                    .formatted(
                            source,
                            json.path("kind").asText("something without a kind"),
                            json.at("/metadata/name").asText());
        }
    }

    /// Everything else in them is passed over.
    ///
    /// @throws Unusable with what cannot be read, and why
    List<Manifest> read(List<String> sources) throws Unusable {
        return manifests(documents(sources));
    }

    /// Files in which nothing else may be, and nothing twice.
    ///
    /// @throws Unusable also with what else there is
    List<Manifest> readOnlyPolicies(List<String> sources) throws Unusable {
        var documents = documents(sources);
        var others =
                documents.stream().filter(it -> it.kind().isEmpty()).map(Document::title).toList();
        if (!others.isEmpty()) {
            throw new Unusable(
                    "only Cilium network policies are applied: " + Names.first(others, "; "));
        }
        var keys = new HashSet<PolicyKey>();
        var manifests = manifests(documents);
        for (var manifest : manifests) {
            if (!keys.add(manifest.key())) {
                throw manifest.second();
            }
        }
        return manifests;
    }

    /// @throws Unusable if there is none
    static List<Manifest> some(List<Manifest> manifests) throws Unusable {
        if (manifests.isEmpty()) {
            throw new Unusable("there is no Cilium network policy in the files");
        }
        return manifests;
    }

    private List<Manifest> manifests(List<Document> documents) throws Unusable {
        var manifests = new ArrayList<Manifest>();
        for (var document : documents) {
            var kind = document.kind();
            if (kind.isPresent()) {
                var json = document.json();
                var key = key(document.source(), kind.get(), json);
                manifests.add(new Manifest(document.source(), key, json, strict(json)));
            }
        }
        return manifests;
    }

    private List<Document> documents(List<String> sources) throws Unusable {
        var documents = new ArrayList<Document>();
        for (var source : sources) {
            if (source.equals(STANDARD_INPUT)) {
                parse(FROM_STANDARD_INPUT, standardInput(), documents);
            } else {
                for (var file : files(Path.of(source))) {
                    parse(file.toString(), text(file), documents);
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

    private static void parse(String source, String yaml, List<Document> documents)
            throws Unusable {
        var settings = LoadSettings.builder().setLabel(source).setCodePointLimit(MAX_FILE).build();
        try {
            for (var document : new Load(settings).loadAllFromString(yaml)) {
                add(source, MAPPER.valueToTree(document), documents);
            }
        } catch (YamlEngineException e) {
            throw new Unusable("not YAML: " + e.getMessage());
        }
    }

    private static void add(String source, JsonNode json, List<Document> documents) {
        if (json.path("kind").asText().endsWith("List") && json.path("items").isArray()) {
            json.path("items").forEach(it -> add(source, it, documents));
        } else if (!json.isNull()) {
            documents.add(new Document(source, json));
        }
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
