package mesh.lockstep.policy;

import java.util.regex.Pattern;

/// Makes texts from users fit for one line of a terminal, a log or a header.
public final class Clean {

    /// Control and format characters, line and paragraph separators, lone surrogates: the API
    /// server drops a warning that has a line break, and a terminal acts on the rest.
    private static final Pattern UNPRINTABLE =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]");

    /// Flux takes a refusal with "is immutable" or "immutable field" in it as a reason to delete
    /// and re-create the object (`ssa/errors/immutable.go` of fluxcd/pkg).
    private static final Pattern IMMUTABLE = Pattern.compile("(?i)(im)(mutable)");

    private Clean() {}

    /// One line, at most so many characters; what is cut off shows as `…`.
    public static String line(String text, int atMost) {
        var cleaned = UNPRINTABLE.matcher(text).replaceAll("\uFFFD");
        cleaned = IMMUTABLE.matcher(cleaned).replaceAll("$1-$2");
        return shortened(cleaned, atMost);
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
