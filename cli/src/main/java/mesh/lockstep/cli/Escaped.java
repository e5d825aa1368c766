package mesh.lockstep.cli;

import java.util.List;
import java.util.regex.Pattern;
import mesh.lockstep.policy.Clean;

/// Texts of strangers in documents that give some characters a meaning.
final class Escaped {

    /// What means something in Markdown, in its tables, in HTML within it, or makes a link or a
    /// name of what follows.
    private static final Pattern MARKS =
            Pattern.compile("[!#$&*+<=>@\\[\\\\\\]^_`{|}~\\n]|:(?!\\s|$)|(?i:(?<=www)\\.)");

    /// What XML 1.0 has no room for, however it is written: of what [Clean] leaves, only these.
    private static final Pattern NO_XML = Pattern.compile("[\\uFFFE\\uFFFF]");

    private static final Pattern TICKS = Pattern.compile("`{3,}");

    private Escaped() {}

    /// Within a line or a cell.
    static String markdown(String text) {
        return MARKS.matcher(Clean.lines(text))
                .replaceAll(result -> "&#" + (int) result.group().charAt(0) + ";");
    }

    /// Lines that are shown as they are. The fence is longer than whatever is within.
    static String fenced(List<String> lines) {
        var text = Clean.lines(String.join("\n", lines));
        var longest =
                TICKS.matcher(text).results().mapToInt(result -> result.group().length()).max();
        var fence = "`".repeat(longest.orElse(2) + 1);
        return fence + "\n" + text + "\n" + fence;
    }

    /// What an XML writer may write.
    static String xml(String text) {
        return NO_XML.matcher(Clean.lines(text)).replaceAll("\uFFFD");
    }
}
