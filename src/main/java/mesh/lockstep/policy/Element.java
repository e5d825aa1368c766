package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/// A part of a manifest and where it stands.
///
/// @param path empty for the whole of `spec`
/// @param text the part in its one spelling, by which parts are compared
record Element(String path, JsonNode node, String text) {

    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    Element(String path, JsonNode node) {
        this(path, node, CanonicalJson.text(node));
    }

    /// The element under a key: `matchLabels.app`, or `matchLabels["io.kubernetes.pod.namespace"]`.
    Element child(String key) {
        var step = PLAIN_KEY.matcher(key).matches() ? "." + key : "[\"" + key + "\"]";
        return new Element(
                path.isEmpty() && step.startsWith(".") ? key : path + step, node.path(key));
    }

    boolean isAbsent() {
        return node.isMissingNode() || node.isNull();
    }

    /// The path as people read it, never empty.
    String place() {
        return path.isEmpty() ? "spec" : path;
    }

    /// The value as people read it: a text without quotes, anything else as JSON.
    String shown() {
        return node.isTextual() ? node.textValue() : text;
    }
}
