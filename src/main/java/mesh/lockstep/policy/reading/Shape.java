package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a part of a manifest may look like, as far as the CRD says it by types.
sealed interface Shape {

    /// Checks a part.
    ///
    /// @param unknown gets the paths of fields that are not known
    /// @throws AsWrittenException where the API server would reject
    void check(String path, JsonNode node, List<String> unknown);

    /// Fields nobody knows, with their paths.
    default List<String> unknownFields(String path, JsonNode node) {
        var unknown = new ArrayList<String>();
        check(path, node, unknown);
        return unknown;
    }

    /// A single value.
    enum Leaf implements Shape {
        TEXT,
        WHOLE_NUMBER,
        TEXT_OR_WHOLE_NUMBER,
        FLAG,
        IGNORED;

        @Override
        public void check(String path, JsonNode node, List<String> unknown) {
            var fits =
                    switch (this) {
                        case TEXT -> node.isTextual();
                        case WHOLE_NUMBER -> Fields.isWhole(node);
                        case TEXT_OR_WHOLE_NUMBER -> node.isTextual() || Fields.isWhole(node);
                        case FLAG -> node.isBoolean();
                        case IGNORED -> true;
                    };
            if (!fits) {
                throw new AsWrittenException("another kind of value is wanted at " + path);
            }
        }
    }

    /// A list of equal elements.
    record Each(Shape element) implements Shape {
        @Override
        public void check(String path, JsonNode node, List<String> unknown) {
            if (!node.isArray()) {
                throw new AsWrittenException("a list is wanted at " + path);
            }
            for (int i = 0; i < node.size(); i++) {
                element.check(path + "[" + i + "]", node.get(i), unknown);
            }
        }
    }

    /// An object with whatever keys.
    record Values(Shape value) implements Shape {
        @Override
        public void check(String path, JsonNode node, List<String> unknown) {
            if (!(node instanceof ObjectNode object)) {
                throw new AsWrittenException("an object is wanted at " + path);
            }
            object.properties().forEach(it -> value.check(path, it.getValue(), unknown));
        }
    }

    /// An object with these fields.
    ///
    /// @param required must be there
    /// @param oneOf one of them must be there, and no other; empty for no such rule
    record Known(Map<String, Shape> fields, Set<String> required, Set<String> oneOf)
            implements Shape {

        Known requiring(String... names) {
            return new Known(fields, Set.of(names), oneOf);
        }

        Known withOneOf(String... names) {
            return new Known(fields, required, Set.of(names));
        }

        @Override
        public void check(String path, JsonNode node, List<String> unknown) {
            if (!(node instanceof ObjectNode object)) {
                throw new AsWrittenException("an object is wanted at " + path);
            }
            var before = unknown.size();
            for (var property : object.properties()) {
                var name = property.getKey();
                var inside = path.isEmpty() ? name : path + "." + name;
                var shape = fields.get(name);
                if (shape == null) {
                    unknown.add(inside);
                } else {
                    shape.check(inside, property.getValue(), unknown);
                }
            }
            if (unknown.size() == before) {
                checkPresence(path, object);
            }
        }

        /// Only where all fields are known: a newer Cilium may want others.
        private void checkPresence(String path, ObjectNode object) {
            for (var name : required) {
                if (!object.has(name)) {
                    throw new AsWrittenException(name + " is wanted at " + path);
                }
            }
            if (!oneOf.isEmpty() && oneOf.stream().filter(object::has).count() != 1) {
                throw new AsWrittenException(
                        "one of " + oneOf.stream().sorted().toList() + " is wanted at " + path);
            }
        }
    }
}
