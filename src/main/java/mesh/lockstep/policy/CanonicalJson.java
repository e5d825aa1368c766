package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// One text for all spellings of a JSON tree: `{"b":1.0,"a":null}` and `{ "b": 1 }` are both
/// `{"b":1}`.
///
/// Keys are sorted; a property that is null is absent (the API server prunes it:
/// `schema/defaulting/prunenulls.go` of `k8s.io/apiextensions-apiserver`, v0.36.3); numbers are
/// compared by value. Lists keep their order.
///
/// Recursion is safe: [StrictJson] bounds the depth of every tree that gets in.
public final class CanonicalJson {

    private static final int MAX_ZEROS = 20;

    private CanonicalJson() {}

    public static String text(JsonNode node) {
        var out = new StringBuilder();
        write(node, out::append);
        return out.toString();
    }

    /// The text, [Abridged]: it is never there as a whole.
    public static String abridged(JsonNode node) {
        var out = new Abridged();
        write(node, out::append);
        return out.toString();
    }

    /// The same for all orders of the lists, and however often an element is repeated; abridged at
    /// each level, lest those inside are copied into all around them.
    public static String unordered(JsonNode node) {
        if (node.isArray()) {
            var elements = new TreeSet<String>();
            node.forEach(element -> elements.add(unordered(element)));
            return Abridged.of(elements.toString());
        }
        if (!(node instanceof ObjectNode object)) {
            return abridged(node);
        }
        var properties = new TreeMap<String, String>();
        object.properties()
                .forEach(
                        property ->
                                properties.put(
                                        Word.quoted(property.getKey()),
                                        unordered(property.getValue())));
        return Abridged.of(properties.toString());
    }

    private static void write(JsonNode node, Consumer<String> out) {
        switch (node.getNodeType()) {
            case OBJECT -> writeObject((ObjectNode) node, out);
            case ARRAY -> writeArray(node, out);
            case NUMBER -> out.accept(number(node.decimalValue()));
            case STRING -> out.accept(Word.quoted(node.textValue()));
            case BOOLEAN, NULL, BINARY, MISSING, POJO -> out.accept(node.toString());
        }
    }

    static String number(BigDecimal written) {
        var value = written.stripTrailingZeros();
        // Not always toPlainString: 1e999999999 would be written out. The smallest int has no
        // absolute value of its own kind.
        return Math.abs((long) value.scale()) <= MAX_ZEROS
                ? value.toPlainString()
                : value.toString();
    }

    private static void writeObject(ObjectNode object, Consumer<String> out) {
        out.accept("{");
        var separator = "";
        var sorted = new ArrayList<>(object.properties());
        sorted.sort(Map.Entry.comparingByKey());
        for (var property : sorted) {
            if (property.getValue().isNull()) {
                continue;
            }
            out.accept(separator);
            out.accept(Word.quoted(property.getKey()));
            out.accept(":");
            write(property.getValue(), out);
            separator = ",";
        }
        out.accept("}");
    }

    private static void writeArray(JsonNode array, Consumer<String> out) {
        out.accept("[");
        var separator = "";
        for (var element : array) {
            out.accept(separator);
            write(element, out);
            separator = ",";
        }
        out.accept("]");
    }
}
