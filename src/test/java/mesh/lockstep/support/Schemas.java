package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What an API server says of its kinds in OpenAPI, as JSON schemas: a file for each kind, in which
/// a field that is not described is an error.
public record Schemas(JsonNode definitions) {

    private static final String REFERENCE = "#/definitions/";

    /// Takes them from an API server's description of itself.
    ///
    /// @param openApi what the API server answers at `/openapi/v2`
    public static Schemas of(JsonNode openApi) {
        return new Schemas(openApi.path("definitions"));
    }

    /// Writes `<kind>-<group>-<version>.json` for all kinds.
    ///
    /// @return how many
    public int write(Path folder) {
        int written = 0;
        for (var definition : definitions.properties()) {
            for (var kind : definition.getValue().path("x-kubernetes-group-version-kind")) {
                var group = kind.path("group").asText().replaceFirst("\\..*", "");
                var name =
                        kind.path("kind").asText()
                                + (group.isEmpty() ? "-" : "-" + group + "-")
                                + kind.path("version").asText();
                write(folder.resolve(name.toLowerCase(Locale.ROOT) + ".json"), definition.getKey());
                written++;
            }
        }
        return written;
    }

    private void write(Path file, String name) {
        var schema = JsonNodeFactory.instance.objectNode();
        schema.put("$ref", REFERENCE + name);
        collect(name, schema.putObject("definitions"));
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Yaml.json(schema));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A definition, and all that it leads to.
    private void collect(String name, ObjectNode found) {
        if (found.has(name)) {
            return;
        }
        var definition = strict(definitions.path(name));
        found.set(name, definition);
        for (var reference : definition.findValuesAsText("$ref")) {
            // A schema of schemas has a property of that name.
            if (reference.startsWith(REFERENCE)) {
                collect(reference.substring(REFERENCE.length()), found);
            }
        }
    }

    private static JsonNode strict(JsonNode schema) {
        return switch (schema) {
            case ObjectNode object -> strict(object);
            case ArrayNode array -> {
                var strict = array.arrayNode();
                array.forEach(it -> strict.add(strict(it)));
                yield strict;
            }
            default -> schema;
        };
    }

    private static ObjectNode strict(ObjectNode schema) {
        var strict = schema.objectNode();
        for (var property : schema.properties()) {
            strict.set(property.getKey(), strict(property.getValue()));
        }
        if (schema.path("properties").isObject()
                && !schema.has("additionalProperties")
                && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            strict.put("additionalProperties", false);
        }
        if (schema.path("format").equals(TextNode.valueOf("int-or-string"))) {
            strict.putArray("type").add("integer").add("string");
        }
        return strict;
    }
}
