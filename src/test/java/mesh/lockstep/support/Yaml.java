package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mesh.lockstep.policy.StrictJson;

/// Reads and writes the YAML of test files.
public final class Yaml {

    private static final ObjectMapper MAPPER =
            new ObjectMapper(
                    YAMLFactory.builder()
                            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                            .disable(YAMLGenerator.Feature.SPLIT_LINES)
                            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                            .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
                            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                            .build());

    private Yaml() {}

    /// The only document of a text.
    public static JsonNode read(String yaml) {
        var documents = readAll(yaml);
        if (documents.size() != 1) {
            throw new IllegalArgumentException(documents.size() + " documents where one is meant");
        }
        return documents.getFirst();
    }

    public static JsonNode read(Path file) {
        return read(text(file));
    }

    /// All documents of a file, divided by `---`.
    public static List<JsonNode> readAll(Path file) {
        return readAll(text(file));
    }

    public static List<JsonNode> readAll(String yaml) {
        try (var documents = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return documents.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String write(JsonNode tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A tree as it comes out of a JSON document.
    public static byte[] json(JsonNode tree) {
        try {
            return StrictJson.write(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
