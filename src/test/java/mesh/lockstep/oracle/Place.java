package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Where a value is in a tree, so that it can be replaced or taken out.
sealed interface Place {

    /// The nearest field's name: of an element in a list, the list's.
    String field();

    /// The name of the field that this one is in; empty at the top.
    String above();

    JsonNode value();

    void put(JsonNode value);

    void remove();

    /// A property of an object.
    record Property(ObjectNode parent, String name, String field, String above) implements Place {

        @Override
        public JsonNode value() {
            return parent.path(name);
        }

        @Override
        public void put(JsonNode value) {
            parent.set(name, value);
        }

        @Override
        public void remove() {
            parent.remove(name);
        }
    }

    /// An element of a list.
    record Element(ArrayNode parent, int index, String field, String above) implements Place {

        @Override
        public JsonNode value() {
            return parent.path(index);
        }

        @Override
        public void put(JsonNode value) {
            parent.set(index, value);
        }

        @Override
        public void remove() {
            parent.remove(index);
        }
    }

    /// All below the root, parents first.
    static List<Place> all(JsonNode root) {
        var places = new ArrayList<Place>();
        collect(root, "", "", places);
        return places;
    }

    static List<Place> all(JsonNode root, Predicate<Place> wanted) {
        return all(root).stream().filter(wanted).toList();
    }

    private static void collect(JsonNode node, String field, String above, List<Place> places) {
        if (node instanceof ObjectNode object) {
            for (var property : object.properties()) {
                var name = property.getKey();
                // The keys of labels are the users', and no fields.
                var known = field.equals("matchLabels") || field.equals("labels") ? field : name;
                places.add(new Property(object, name, known, field));
                collect(property.getValue(), known, field, places);
            }
        } else if (node instanceof ArrayNode array) {
            for (var i = 0; i < array.size(); i++) {
                places.add(new Element(array, i, field, above));
                collect(array.get(i), field, above, places);
            }
        }
    }
}
