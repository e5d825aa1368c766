package mesh.lockstep.policy;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads one document from its tokens, and makes a tree only of what is kept. The values are
/// counted before they are made.
final class KeptReading {

    static final String TOO_MANY = "more than %,d values".formatted(StrictJson.MAX_NODES);

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;

    /// What the document may still have besides policies' rules.
    private int rest = StrictJson.MAX_REST;

    KeptReading(JsonParser parser) {
        this.parser = parser;
    }

    /// The document, at whose first token the parser is.
    JsonNode read(Keep keep) throws IOException {
        return switch (keep) {
            case Keep.Only only when parser.currentToken() == JsonToken.START_OBJECT ->
                    object(only);
            case Keep.Rules _ -> rules(StrictJson.MAX_NODES).node();
            case Keep.Only _, Keep.Whole _ -> whole();
            case Keep.Each each -> list(each);
            case Keep.Beginning(var most) -> beginning(most);
        };
    }

    private JsonNode list(Keep.Each each) throws IOException {
        var kept = NODES.arrayNode();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return kept;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT && kept.size() < each.most()) {
                kept.add(object(each.element()));
            } else {
                parser.skipChildren();
            }
        }
        return kept;
    }

    private JsonNode beginning(int most) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            parser.skipChildren();
            return NODES.nullNode();
        }
        var text = parser.getText();
        return NODES.textNode(text.substring(0, Math.min(most, text.length())));
    }

    private JsonNode object(Keep.Only only) throws IOException {
        var kept = NODES.objectNode();
        int left = StrictJson.MAX_NODES;
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            var keep = only.fields().get(name);
            if (keep == null) {
                parser.skipChildren();
            } else if (keep instanceof Keep.Rules) {
                var rules = rules(left);
                left -= rules.nodes();
                set(kept, name, rules.node());
            } else {
                set(kept, name, read(keep));
            }
        }
        return kept;
    }

    /// @param nodes how many there are in the tree
    private record Value(JsonNode node, int nodes) {}

    private Value rules(int most) throws IOException {
        return new Tree(most, true).read();
    }

    private JsonNode whole() throws IOException {
        var value = new Tree(rest, false).read();
        rest -= value.nodes();
        return value.node();
    }

    private void set(ObjectNode object, String name, JsonNode value) throws IOException {
        if (object.replace(name, value) != null) {
            throw new JsonParseException(parser, "a key twice");
        }
    }

    /// One value that becomes a tree; when it turns out to be too large, a digest.
    private final class Tree {

        private final int most;
        private final boolean rules;
        private final Deque<ContainerNode<?>> open = new ArrayDeque<>();
        private @Nullable JsonNode root;
        private int nodes;

        /// @param most nodes
        /// @param rules whether they may be more, and texts long
        Tree(int most, boolean rules) {
            this.most = most;
            this.rules = rules;
        }

        Value read() throws IOException {
            var name = "";
            while (true) {
                var token = parser.currentToken();
                if (token == JsonToken.FIELD_NAME) {
                    name = parser.currentName();
                } else if (token.isStructEnd()) {
                    open.pop();
                } else if (nodes == most) {
                    return new Value(oversize(name), 0);
                } else {
                    nodes++;
                    add(name, node(token));
                }
                if (open.isEmpty()) {
                    return new Value(Objects.requireNonNull(root), nodes);
                }
                parser.nextToken();
            }
        }

        private void add(String name, JsonNode node) throws IOException {
            switch (open.peek()) {
                case ObjectNode object -> set(object, name, node);
                case ArrayNode array -> array.add(node);
                case null, default -> root = node;
            }
            if (node instanceof ContainerNode<?> container) {
                open.push(container);
            }
        }

        private JsonNode node(JsonToken token) throws IOException {
            return switch (token) {
                case START_OBJECT -> NODES.objectNode();
                case START_ARRAY -> NODES.arrayNode();
                case VALUE_STRING -> NODES.textNode(text());
                case VALUE_NUMBER_INT -> integer();
                case VALUE_NUMBER_FLOAT ->
                        NODES.numberNode(parser.getDecimalValue().stripTrailingZeros());
                case VALUE_TRUE -> NODES.booleanNode(true);
                case VALUE_FALSE -> NODES.booleanNode(false);
                case VALUE_NULL -> NODES.nullNode();
                case FIELD_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                        throw new JsonParseException(parser, "no value");
            };
        }

        private JsonNode integer() throws IOException {
            return switch (parser.getNumberType()) {
                case INT -> NODES.numberNode(parser.getIntValue());
                case LONG -> NODES.numberNode(parser.getLongValue());
                case BIG_INTEGER, BIG_DECIMAL, DOUBLE, FLOAT ->
                        NODES.numberNode(parser.getBigIntegerValue());
            };
        }

        private String text() throws IOException {
            if (!rules && parser.getTextLength() > StrictJson.MAX_TEXT) {
                throw tooLarge("a text of more than %,d characters", StrictJson.MAX_TEXT);
            }
            return parser.getText();
        }

        private Oversize oversize(String name) throws IOException {
            if (!rules) {
                throw tooLarge("more than %,d values outside the rules", StrictJson.MAX_REST);
            }
            return new Oversize(TOO_MANY, digest(name));
        }

        private TooLargeException tooLarge(String reason, int most) {
            return new TooLargeException(reason.formatted(most), parser.currentLocation());
        }

        /// The digest of what was read already, which is all that is in the tree, and of what is
        /// still to come.
        private Digest digest(String name) throws IOException {
            var digest = new TokenDigest();
            int depth = open.size();
            if (root != null) {
                digest.add(root, depth);
            }
            if (open.peek() instanceof ObjectNode) {
                digest.name(name);
            }
            while (true) {
                digest.add(parser);
                var token = parser.currentToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    return digest.digest();
                }
                parser.nextToken();
            }
        }
    }
}
