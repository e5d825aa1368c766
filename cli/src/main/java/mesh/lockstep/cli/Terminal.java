package mesh.lockstep.cli;

import java.io.PrintStream;
import mesh.lockstep.policy.Clean;

/// Where a command writes: what was asked for on one stream, everything else on the other.
///
/// @param colored whether what was asked for may have color
/// @param watched whether somebody looks at the other stream while the command runs
record Terminal(PrintStream out, PrintStream err, boolean colored, boolean watched) {

    private static final int MAX_LINE = 1000;

    /// How a text looks, where there is color. It never says anything by itself.
    enum Look {
        PLAIN("0"),
        BOLD("1"),
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        MAGENTA("35");

        private final String code;

        Look(String code) {
            this.code = code;
        }
    }

    /// What the starter script says of the streams. With `NO_COLOR`, there is none
    /// (https://no-color.org).
    static Terminal ofProcess() {
        var noColor = System.getenv().getOrDefault("NO_COLOR", "");
        return new Terminal(
                System.out,
                System.err,
                isScreen() && noColor.isEmpty(),
                Boolean.getBoolean("lockstep.err.terminal"));
    }

    /// Whether what was asked for is on a screen, as the starter script says.
    static boolean isScreen() {
        return Boolean.getBoolean("lockstep.out.terminal");
    }

    /// Makes room on a screen.
    void clear() {
        out.print("\u001b[H\u001b[2J");
        out.flush();
    }

    /// The same, with what somebody should know besides on another stream.
    Terminal noting(PrintStream notes) {
        return new Terminal(out, notes, colored, false);
    }

    /// A line of what was asked for, without what a terminal would act on.
    void line(String text) {
        out.println(Clean.lines(text));
    }

    /// A text that was cleaned, in color.
    String in(Look look, String text) {
        return colored && look != Look.PLAIN
                ? "\u001b[" + look.code + "m" + text + "\u001b[0m"
                : text;
    }

    /// A line with texts of [#in] in it; everything else in it was cleaned.
    void colored(String line) {
        out.println(line);
    }

    /// What goes on, for somebody who looks.
    void progress(String text) {
        if (watched) {
            note(text);
        }
    }

    /// What somebody should know besides.
    void note(String text) {
        err.println(Clean.line(text, MAX_LINE));
    }
}
