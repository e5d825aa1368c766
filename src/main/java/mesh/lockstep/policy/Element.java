package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A part of a manifest and where it stands.
///
/// @param path empty for the whole of `spec`
/// @param written the part as its author wrote it
/// @param tree the part as it is compared, see [Spec.Rule]
/// @param text the latter in its one spelling
record Element(String path, JsonNode written, JsonNode tree, String text) {

    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    Element(String path, JsonNode written, JsonNode tree) {
        this(path, written, tree, CanonicalJson.text(tree));
    }

    /// The rules of a spec.
    static List<Element> of(Spec spec) {
        return spec.rules().stream()
                .map(rule -> new Element(rule.path(), rule.written(), rule.tree()))
                .toList();
    }

    /// The element under a key: `matchLabels.app`, or `matchLabels["io.kubernetes.pod.namespace"]`.
    Element child(String key) {
        var step = PLAIN_KEY.matcher(key).matches() ? "." + key : "[\"" + key + "\"]";
        return new Element(
                path.isEmpty() && step.startsWith(".") ? key : path + step,
                written.path(key),
                tree.path(key));
    }

    /// The elements of a list.
    List<Element> elements() {
        var elements = new ArrayList<Element>();
        for (int i = 0; tree.isArray() && i < tree.size(); i++) {
            elements.add(new Element(path + "[" + i + "]", written.path(i), tree.path(i)));
        }
        return elements;
    }

    boolean isAbsent() {
        return tree.isMissingNode();
    }

    boolean isRule() {
        return Spec.SECTIONS.stream().anyMatch(tree::has);
    }

    /// The path as people read it, never empty.
    String place() {
        return path.isEmpty() ? "spec" : path;
    }

    /// The value as people read it: a text without quotes, anything else as JSON.
    String shown() {
        return written.isTextual() ? written.textValue() : CanonicalJson.text(written);
    }

    /// Where it stands says enough, and is compared fast.
    @Override
    public boolean equals(Object other) {
        return other instanceof Element(var theirs, _, _, var theirText)
                && path.equals(theirs)
                && text.equals(theirText);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }
}
