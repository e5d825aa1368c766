package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

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
        write(node, out);
        return out.toString();
    }

    /// The same for all orders of the lists, and however often an element is repeated.
    static String unordered(JsonNode node) {
        if (node.isArray()) {
            var elements = new TreeSet<String>();
            node.forEach(element -> elements.add(unordered(element)));
            return elements.toString();
        }
        if (!(node instanceof ObjectNode object)) {
            return text(node);
        }
        var properties = new TreeMap<String, String>();
        object.properties().forEach(it -> properties.put(it.getKey(), unordered(it.getValue())));
        return properties.toString();
    }

    private static void write(JsonNode node, StringBuilder out) {
        switch (node.getNodeType()) {
            case OBJECT -> writeObject((ObjectNode) node, out);
            case ARRAY -> writeArray(node, out);
            case NUMBER -> out.append(number(node.decimalValue()));
            case STRING, BOOLEAN, NULL, BINARY, MISSING, POJO -> out.append(node);
        }
    }

    static String number(BigDecimal written) {
        var value = written.stripTrailingZeros();
        // Not always toPlainString: 1e999999999 would be written out.
        return Math.abs(value.scale()) <= MAX_ZEROS ? value.toPlainString() : value.toString();
    }

    private static void writeObject(ObjectNode object, StringBuilder out) {
        out.append('{');
        var separator = "";
        var sorted = object.properties().stream().sorted(Map.Entry.comparingByKey()).toList();
        for (var property : sorted) {
            if (property.getValue().isNull()) {
                continue;
            }
            out.append(separator);
            out.append(JsonNodeFactory.instance.textNode(property.getKey()));
            out.append(':');
            write(property.getValue(), out);
            separator = ",";
        }
        out.append('}');
    }

    private static void writeArray(JsonNode array, StringBuilder out) {
        out.append('[');
        var separator = "";
        for (var element : array) {
            out.append(separator);
            write(element, out);
            separator = ",";
        }
        out.append(']');
    }
}
