package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A page of the documentation as it is read on a terminal.
final class Markdown {

    private static final String FENCE = "```";

    /// Its text may go over the end of a line.
    private static final Pattern LINK = Pattern.compile("\\[([^\\[\\]]*)]\\([^)]*\\)");

    private Markdown() {}

    /// Without links and emphasis; examples are indented.
    static List<String> plain(String markdown) {
        var lines = new ArrayList<String>();
        var example = false;
        var text = LINK.matcher(markdown.stripTrailing()).replaceAll("$1");
        for (var line : text.lines().toList()) {
            if (line.startsWith(FENCE)) {
                example = !example;
            } else if (example) {
                lines.add("    " + line);
            } else {
                lines.add(line.replace("**", "").replaceFirst("^#+ ", ""));
            }
        }
        return lines;
    }
}
