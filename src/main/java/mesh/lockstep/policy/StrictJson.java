package mesh.lockstep.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// How JSON gets in, from this cluster's API server and from the peers': bounded, without duplicate
/// keys or a tail, numbers exact. Keeps what a policy may say with an empty list, an empty object
/// or an unknown field.
public final class StrictJson {

    /// Values that the rules of one policy may have as a tree. etcd keeps no object of more than
    /// 1.5 MiB, which holds about as many CIDRs; a tree of that many takes 20 MiB.
    public static final int MAX_NODES = 100_000;

    /// Values that are kept of a document besides the rules, such as a user's groups.
    static final int MAX_REST = 20_000;

    /// Characters of one string outside the rules. An API server keeps no annotations of more than
    /// 256 KiB in all.
    static final int MAX_TEXT = 256 * 1024;

    /// Levels of nesting. Cilium's CRDs have about 15, managed fields some more.
    public static final int MAX_DEPTH = 100;

    /// Characters of one text, and of one name: Cilium's CRDs bound the values of labels, not their
    /// keys. A request to an API server has at most 3 MiB.
    private static final int MAX_STRING = 3 * 1024 * 1024;

    private static final int MAX_NUMBER = 100;

    /// Names are not remembered from one object to the next: a document of 3 MiB may have 300,000
    /// of them.
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxStringLength(MAX_STRING)
                                    .maxNameLength(MAX_STRING)
                                    .maxNumberLength(MAX_NUMBER)
                                    .build())
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build();

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(FACTORY.copy())
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private StrictJson() {}

    /// Reads of one document what is to be kept, within bounds of memory: nothing that is passed
    /// over is made, and rules that are too large to be a tree become [Oversize].
    ///
    /// @return a missing node if there is no document
    /// @throws TooLargeException if it has more outside a policy's rules than an API server sends,
    ///   or such a number
    /// @throws IOException with a message that says what is wrong and where, without a piece of the
    ///   document
    public static JsonNode read(byte[] json, Keep keep) throws IOException {
        return read(json, json.length, keep);
    }

    /// The same for this many bytes.
    public static JsonNode read(byte[] json, int length, Keep keep) throws IOException {
        // The parser's own way would read half a character as another one.
        var utf8 = StandardCharsets.UTF_8.newDecoder();
        var text = new InputStreamReader(new ByteArrayInputStream(json, 0, length), utf8);
        try (var parser = FACTORY.createParser(text)) {
            return read(parser, keep);
        }
    }

    private static JsonNode read(JsonParser parser, Keep keep) throws IOException {
        try {
            if (parser.nextToken() == null) {
                return MissingNode.getInstance();
            }
            var kept = new KeptReading(parser).read(keep);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows the document");
            }
            return kept;
        } catch (ArithmeticException | NumberFormatException e) {
            // The parser reports an exponent that no number of ours has only when it is read.
            throw new TooLargeException("a number that cannot be read", parser.currentLocation());
        }
    }

    /// Reads one document whole. For what we or our own API server wrote: its size is not bounded.
    ///
    /// @throws IOException as the other
    public static JsonNode read(byte[] json) throws IOException {
        return MAPPER.readTree(json);
    }

    /// Writes a tree without line breaks.
    public static byte[] write(JsonNode tree) throws IOException {
        return MAPPER.writeValueAsBytes(tree);
    }
}
