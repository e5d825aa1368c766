package mesh.lockstep.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/// How JSON gets in, from the own API server and from the peers': bounded, without duplicate keys
/// or a tail, numbers exact. Keeps what a policy may say by an empty list, an empty object or an
/// unknown field.
public final class StrictJson {

    /// Levels of nesting. Cilium's CRDs have about 15, managed fields some more.
    public static final int MAX_DEPTH = 100;

    /// Characters of one text. A request to an API server has at most 3 MiB.
    private static final int MAX_STRING = 3 * 1024 * 1024;

    private static final int MAX_NAME = 10_000;
    private static final int MAX_NUMBER = 100;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxStringLength(MAX_STRING)
                                                    .maxNameLength(MAX_NAME)
                                                    .maxNumberLength(MAX_NUMBER)
                                                    .build())
                                    .build())
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    /// Of one value within a document.
    private static final ObjectReader PART =
            MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private StrictJson() {}

    /// Reads one document.
    ///
    /// @throws IOException with a message that says what is wrong and where, without a piece of the
    ///   document
    public static JsonNode read(byte[] json) throws IOException {
        return MAPPER.readTree(json);
    }

    /// Reads one document as an API server answers a list: each of its `items` is handed over as it
    /// comes, and not kept.
    ///
    /// @return the document with an empty list of items, if it had one
    /// @throws IOException as [#read]; some items may have been handed over before
    public static JsonNode readList(InputStream json, Consumer<JsonNode> items) throws IOException {
        try (var parser = MAPPER.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(parser, "not an object");
            }
            var rest = MAPPER.createObjectNode();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                var name = parser.currentName();
                if (parser.nextToken() == JsonToken.START_ARRAY && name.equals("items")) {
                    rest.putArray(name);
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        items.accept(PART.readTree(parser));
                    }
                } else {
                    rest.set(name, PART.readTree(parser));
                }
            }
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows the document");
            }
            return rest;
        }
    }

    /// Writes a tree without line breaks.
    public static byte[] write(JsonNode tree) throws IOException {
        return MAPPER.writeValueAsBytes(tree);
    }
}
