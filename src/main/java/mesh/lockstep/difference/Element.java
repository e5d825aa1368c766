package mesh.lockstep.difference;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.Digest;
import mesh.lockstep.policy.Spec;
import org.jspecify.annotations.Nullable;

/// A part of a manifest and its place. Its path and its text are made when they are asked for:
/// those of all parts of a policy together are many times as long as the policy.
final class Element {

    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /// The key of a label has 317 characters at most.
    private static final int MAX_KEY = 400;

    /// Characters of a spelling that is kept.
    private static final int MAX_TEXT = 100;

    private final Supplier<String> path;
    private final JsonNode written;
    private final JsonNode tree;
    private final Budget budget;
    private @Nullable String text;

    /// @param path empty for the whole of `spec`
    /// @param written the part as its author wrote it
    /// @param tree the part as it is compared, see [Spec.Rule]
    /// @param budget of which its text is paid
    private Element(Supplier<String> path, JsonNode written, JsonNode tree, Budget budget) {
        this.path = path;
        this.written = written;
        this.tree = tree;
        this.budget = budget;
    }

    /// The rules of a spec.
    static List<Element> of(Spec spec, Budget budget) {
        return spec.rules().stream()
                .map(rule -> new Element(rule::path, rule.written(), rule.tree(), budget))
                .toList();
    }

    /// The element under a key: `matchLabels.app`, or `matchLabels["io.kubernetes.pod.namespace"]`.
    Element child(String key) {
        return new Element(() -> pathOf(key), written.path(key), tree.path(key), budget);
    }

    private String pathOf(String key) {
        var within = path.get();
        if (PLAIN_KEY.matcher(key).matches()) {
            return within.isEmpty() ? shortened(key) : within + "." + shortened(key);
        }
        return within + "[\"" + shortened(key) + "\"]";
    }

    private static String shortened(String key) {
        return key.length() > MAX_KEY ? key.substring(0, MAX_KEY) + "…" : key;
    }

    /// The elements of a list.
    List<Element> elements() {
        var elements = new ArrayList<Element>();
        for (int i = 0; tree.isArray() && i < tree.size(); i++) {
            int index = i;
            elements.add(
                    new Element(
                            () -> path.get() + "[" + index + "]",
                            written.path(i),
                            tree.path(i),
                            budget));
        }
        budget.spend(elements.size());
        return elements;
    }

    JsonNode tree() {
        return tree;
    }

    /// The same for parts that are compared alike, and for no others: their one spelling, or its
    /// digest where that is long.
    String text() {
        if (text == null) {
            var spelling = CanonicalJson.text(tree);
            budget.spend(1 + spelling.length() / Budget.CHARACTERS);
            text = spelling.length() > MAX_TEXT ? digest(spelling) : spelling;
        }
        return text;
    }

    /// No JSON begins like that.
    private static String digest(String spelling) {
        var bytes = ByteBuffer.allocate(spelling.length() * Character.BYTES);
        bytes.asCharBuffer().put(spelling);
        return "#" + Digest.of(Digest.sha256().digest(bytes.array())).hexadecimal();
    }

    boolean isAbsent() {
        return tree.isMissingNode();
    }

    boolean isRule() {
        return Spec.SECTIONS.stream().anyMatch(tree::has);
    }

    /// The path as people read it, never empty.
    String place() {
        var place = path.get();
        return place.isEmpty() ? "spec" : place;
    }

    /// Whether it is compared as something else than is written, as the name of a cluster that
    /// reads "here".
    boolean isReadOtherwise() {
        return !written.equals(tree);
    }

    JsonNode written() {
        return written;
    }

    /// The value as people read it: a text without quotes, anything else as JSON.
    String shown() {
        var value = written.isMissingNode() ? tree : written;
        return value.isTextual() ? value.textValue() : CanonicalJson.text(value);
    }

    /// The same, with how it is read.
    String shownAsRead() {
        return shown() + (isReadOtherwise() ? " (read as \"here\")" : " (read as a name)");
    }

    /// The value as JSON, which tells texts from numbers.
    String json() {
        return CanonicalJson.text(written);
    }
}
