package mesh.lockstep.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/// One case of `bad/<group>.yaml`: something that is sent to us, and what we make of it.
///
/// @param what in a few words; no two cases of a group have the same
public record BadInput(String what, JsonNode tree) {

    /// Marks what nobody else may see in the cases. No answer, no log line and no reason has it.
    public static final String SECRET = "hunter2";

    public static List<BadInput> of(String group) {
        var cases = new ArrayList<BadInput>();
        for (var node : Yaml.readAll(Path.of("src/test/resources/bad", group + ".yaml"))) {
            cases.add(new BadInput(node.path("what").asText(), node));
        }
        assertThat(cases).extracting(BadInput::what).doesNotHaveDuplicates().doesNotContain("");
        return cases;
    }

    public JsonNode answer() {
        return tree.path("answer");
    }

    /// The bytes that a node describes: a text, or a list of pieces. A piece is a text, `{repeat:
    /// "[", times: 1000}` or `{hex: C328}`.
    ///
    /// @param filled puts values into the placeholders of a text
    public static byte[] bytes(JsonNode node, UnaryOperator<String> filled) {
        var bytes = new ByteArrayOutputStream();
        if (node.isArray()) {
            node.forEach(piece -> bytes.writeBytes(bytes(piece, filled)));
        } else if (node.has("repeat")) {
            var text = filled.apply(node.path("repeat").textValue());
            bytes.writeBytes(utf8(text.repeat(node.path("times").intValue())));
        } else if (node.has("hex")) {
            bytes.writeBytes(HexFormat.of().parseHex(node.path("hex").asText()));
        } else {
            bytes.writeBytes(utf8(filled.apply(node.textValue())));
        }
        return bytes.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return what;
    }
}
