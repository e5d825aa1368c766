package mesh.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import mesh.lockstep.policy.Clean;

/// How a result is written.
enum Format {
    TABLE,
    JSON,
    YAML,
    JUNIT,
    SARIF,
    MARKDOWN;

    private static final ObjectMapper AS_JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final ObjectMapper AS_YAML =
            new ObjectMapper(
                    YAMLFactory.builder()
                            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                            .build());

    /// Whether it is for what compares policies alone.
    boolean isReport() {
        return switch (this) {
            case TABLE, JSON, YAML -> false;
            case JUNIT, SARIF, MARKDOWN -> true;
        };
    }

    /// A result for programs; in a table, what they show to people is written otherwise.
    ///
    /// @param tree is cleaned in place: programs often show what they read
    void print(JsonNode tree, Terminal terminal) {
        try {
            var mapper = this == YAML ? AS_YAML : AS_JSON;
            terminal.line(mapper.writeValueAsString(Clean.tree(tree)).stripTrailing());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
