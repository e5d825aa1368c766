package mesh.lockstep.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

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

    private StrictJson() {}

    /// Reads one document.
    ///
    /// @throws IOException with a message that says what is wrong and where, without a piece of the
    ///   document
    public static JsonNode read(byte[] json) throws IOException {
        return MAPPER.readTree(json);
    }

    /// Writes a tree without line breaks.
    public static byte[] write(JsonNode tree) throws IOException {
        return MAPPER.writeValueAsBytes(tree);
    }
}
