package mesh.lockstep.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// SHA-256 over the tokens of a JSON value in the order in which they came, whether they come from
/// a parser or have become a tree. A property that is null is absent, numbers count by value, as in
/// [CanonicalJson]; no two other values give the same bytes: each text is preceded by its length.
final class TokenDigest {

    private final MessageDigest sha256 = Digest.sha256();
    private final ByteBuffer buffer = ByteBuffer.allocate(8192);

    /// The digest of a property whose value has not come yet.
    private @Nullable String name;

    /// The digest of a whole value.
    static Digest of(JsonNode value) {
        var digest = new TokenDigest();
        digest.add(value, 0);
        return digest.digest();
    }

    Digest digest() {
        flush();
        return Digest.of(sha256.digest());
    }

    void name(String next) {
        name = next;
    }

    /// Adds a value.
    ///
    /// @param open how many of its containers are not over yet: itself, its last element, the last
    ///   element of that, and so on
    void add(JsonNode value, int open) {
        switch (value) {
            case ObjectNode object -> {
                mark('{');
                var properties = object.properties().iterator();
                while (properties.hasNext()) {
                    var property = properties.next();
                    name = property.getKey();
                    add(property.getValue(), rest(open, properties));
                }
                end('}', open);
            }
            case ArrayNode array -> {
                mark('[');
                var elements = array.iterator();
                while (elements.hasNext()) {
                    add(elements.next(), rest(open, elements));
                }
                end(']', open);
            }
            default -> scalar(value);
        }
    }

    private static int rest(int open, Iterator<?> left) {
        return open > 1 && !left.hasNext() ? open - 1 : 0;
    }

    private void end(char mark, int open) {
        if (open == 0) {
            mark(mark);
        }
    }

    private void scalar(JsonNode value) {
        switch (value.getNodeType()) {
            case STRING -> text('"', value.textValue());
            case NUMBER -> number(value.decimalValue());
            case BOOLEAN -> mark(value.booleanValue() ? 't' : 'f');
            case NULL -> nothing();
            case OBJECT, ARRAY, BINARY, MISSING, POJO -> mark('?');
        }
    }

    /// Adds the token at which the parser is.
    void add(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case FIELD_NAME -> name = parser.currentName();
            case START_OBJECT -> mark('{');
            case END_OBJECT -> mark('}');
            case START_ARRAY -> mark('[');
            case END_ARRAY -> mark(']');
            case VALUE_STRING -> text('"', parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getDecimalValue());
            case VALUE_TRUE -> mark('t');
            case VALUE_FALSE -> mark('f');
            case VALUE_NULL -> nothing();
            case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> mark('?');
        }
    }

    private void nothing() {
        if (name == null) {
            mark('0');
        }
        name = null;
    }

    private void number(BigDecimal value) {
        text('#', CanonicalJson.number(value));
    }

    private void mark(char mark) {
        var property = name;
        if (property != null) {
            name = null;
            text(':', property);
        }
        put(mark);
    }

    /// Character by character: encoded as UTF-8, halves of surrogates would all be the same.
    private void text(char mark, String text) {
        mark(mark);
        put((char) (text.length() >> Character.SIZE));
        put((char) text.length());
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
    }

    private void put(char next) {
        if (buffer.remaining() < Character.BYTES) {
            flush();
        }
        buffer.putChar(next);
    }

    private void flush() {
        sha256.update(buffer.flip());
        buffer.clear();
    }
}
