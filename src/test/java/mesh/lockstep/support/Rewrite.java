package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Writes manifests in another way.
public final class Rewrite {

    private Rewrite() {}

    /// One manifest that differs from another in one place.
    ///
    /// @param path where, as `ingress[0].toPorts`
    public record Variant(String path, JsonNode tree) {
        @Override
        public String toString() {
            return path;
        }
    }

    /// The tree with its keys and the elements of its lists in another order; but header matches
    /// that log or rewrite keep theirs, as it counts.
    ///
    /// @param repeating whether some elements are written twice
    public static JsonNode shuffled(JsonNode tree, boolean repeating, Random random) {
        if (tree instanceof ObjectNode object) {
            var keys = new ArrayList<String>();
            object.fieldNames().forEachRemaining(keys::add);
            Collections.shuffle(keys, random);
            var shuffled = JsonNodeFactory.instance.objectNode();
            for (var key : keys) {
                var value = object.path(key);
                var keeps = key.equals("headerMatches");
                shuffled.set(key, keeps ? value : shuffled(value, repeating, random));
            }
            return shuffled;
        }
        if (!tree.isArray()) {
            return tree;
        }
        var elements = new ArrayList<JsonNode>();
        for (var element : tree) {
            elements.add(shuffled(element, repeating, random));
            if (repeating && random.nextInt(4) == 0) {
                elements.add(shuffled(element, true, random));
            }
        }
        Collections.shuffle(elements, random);
        return JsonNodeFactory.instance.arrayNode().addAll(elements);
    }

    /// The tree with one value changed, for each of its values.
    public static List<Variant> changed(String path, JsonNode tree) {
        return switch (tree) {
            case ObjectNode object -> inside(path, object);
            case ArrayNode array -> inside(path, array);
            case BooleanNode flag ->
                    List.of(new Variant(path, BooleanNode.valueOf(!flag.booleanValue())));
            case TextNode text ->
                    List.of(new Variant(path, TextNode.valueOf(text.textValue() + "1")));
            default -> List.of(new Variant(path, IntNode.valueOf(tree.intValue() + 1)));
        };
    }

    private static List<Variant> inside(String path, ObjectNode object) {
        var variants = new ArrayList<Variant>();
        for (var property : object.properties()) {
            var key = property.getKey();
            var step = key.matches("\\w+") ? "." + key : "[\"" + key + "\"]";
            for (var value : changed(path + step, property.getValue())) {
                variants.add(new Variant(value.path(), object.deepCopy().set(key, value.tree())));
            }
        }
        return variants;
    }

    private static List<Variant> inside(String path, ArrayNode array) {
        var variants = new ArrayList<Variant>();
        for (int i = 0; i < array.size(); i++) {
            for (var element : changed(path + "[" + i + "]", array.path(i))) {
                var copy = array.deepCopy();
                copy.set(i, element.tree());
                variants.add(new Variant(element.path(), copy));
            }
        }
        return variants;
    }
}
