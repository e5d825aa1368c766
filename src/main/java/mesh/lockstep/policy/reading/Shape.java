package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/// What a part of a manifest may look like, as far as the CRD says it by types.
sealed interface Shape {

    /// Checks a part.
    ///
    /// @param field the name of the part, or of the list it is in
    /// @return whether all fields in it are known
    /// @throws AsWrittenException where the API server would reject
    boolean knows(String field, JsonNode node);

    /// A single value.
    enum Leaf implements Shape {
        TEXT,
        WHOLE_NUMBER,
        TEXT_OR_WHOLE_NUMBER,
        FLAG,
        IGNORED;

        @Override
        public boolean knows(String field, JsonNode node) {
            var fits =
                    switch (this) {
                        case TEXT -> node.isTextual();
                        case WHOLE_NUMBER -> Fields.isWhole(node);
                        case TEXT_OR_WHOLE_NUMBER -> node.isTextual() || Fields.isWhole(node);
                        case FLAG -> node.isBoolean();
                        case IGNORED -> true;
                    };
            if (!fits) {
                throw AsWrittenException.undecided(field + " has the wrong type");
            }
            return true;
        }
    }

    /// A list of equal elements.
    record Each(Shape element) implements Shape {
        @Override
        public boolean knows(String field, JsonNode node) {
            if (!node.isArray()) {
                throw AsWrittenException.undecided(field + " must be a list");
            }
            var all = true;
            for (var child : node) {
                all &= element.knows(field, child);
            }
            return all;
        }
    }

    /// An object with whatever keys.
    record Values(Shape value) implements Shape {
        @Override
        public boolean knows(String field, JsonNode node) {
            var all = true;
            for (var property : object(field, node).properties()) {
                all &= value.knows(field, property.getValue());
            }
            return all;
        }
    }

    /// An object with these fields.
    ///
    /// @param required must be there
    /// @param oneOf exactly one of them must be there; empty for no such rule
    record Known(Map<String, Shape> fields, Set<String> required, Set<String> oneOf)
            implements Shape {

        Known requiring(String... names) {
            return new Known(fields, Set.of(names), oneOf);
        }

        Known withOneOf(String... names) {
            return new Known(fields, required, Set.of(names));
        }

        @Override
        public boolean knows(String field, JsonNode node) {
            var all = true;
            for (var property : object(field, node).properties()) {
                var shape = fields.get(property.getKey());
                all &= shape != null && shape.knows(property.getKey(), property.getValue());
            }
            // Only where all fields are known: a newer Cilium may want others.
            if (all && !(required.isEmpty() && oneOf.isEmpty())) {
                checkPresence(field, node);
            }
            return all;
        }

        private void checkPresence(String field, JsonNode object) {
            for (var name : required) {
                if (!object.has(name)) {
                    throw AsWrittenException.undecided(field + " must have " + name);
                }
            }
            int present = 0;
            for (var name : oneOf) {
                present += object.has(name) ? 1 : 0;
            }
            if (!oneOf.isEmpty() && present != 1) {
                throw AsWrittenException.undecided(
                        field + " must have one of " + oneOf.stream().sorted().toList());
            }
        }
    }

    private static ObjectNode object(String field, JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw AsWrittenException.undecided(field + " must be an object");
    }
}
