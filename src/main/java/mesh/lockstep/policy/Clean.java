package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Pattern;

/// Makes texts from users fit for one line of a terminal, a log or a header.
public final class Clean {

    /// Control and format characters, line and paragraph separators, lone surrogates: the API
    /// server drops a warning that has a line break, and a terminal acts on the rest.
    private static final Pattern UNPRINTABLE =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]");

    private static final Pattern UNPRINTABLE_IN_LINES =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029&&[^\\n]]");

    /// Flux takes a refusal with "is immutable" or "immutable field" in it as a reason to delete
    /// and re-create the object (`ssa/errors/immutable.go` of fluxcd/pkg, f3cc2d7). Names have no
    /// spaces: one that has the word in it stays.
    private static final Pattern IMMUTABLE =
            Pattern.compile("(?i)(?<=is\\s)im(?=mutable)|im(?=mutable\\sfield)");

    private Clean() {}

    /// One line, at most this many characters; what is cut off shows as `…`.
    public static String line(String text, int atMost) {
        // Each character that is kept takes at most two of these.
        var enough = text.substring(0, Math.min(text.length(), 2 * atMost + 2));
        var cleaned = UNPRINTABLE.matcher(enough).replaceAll("\uFFFD");
        cleaned = IMMUTABLE.matcher(cleaned).replaceAll("$0-");
        return shortened(cleaned, atMost);
    }

    /// What is shown as a page or a table: its line breaks stay.
    public static String lines(String text) {
        return UNPRINTABLE_IN_LINES.matcher(text).replaceAll("\uFFFD");
    }

    /// What programs read, and then often show: all texts in it, in place. Names of fields stay.
    public static JsonNode tree(JsonNode tree) {
        return switch (tree) {
            case TextNode text -> TextNode.valueOf(lines(text.textValue()));
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, tree(array.get(i)));
                }
                yield array;
            }
            case ObjectNode object -> {
                object.properties()
                        .forEach(property -> property.setValue(tree(property.getValue())));
                yield object;
            }
            default -> tree;
        };
    }

    private static String shortened(String text, int atMost) {
        if (text.length() <= atMost) {
            return text;
        }
        var end = atMost - 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "…";
    }
}
