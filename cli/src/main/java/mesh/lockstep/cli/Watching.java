package mesh.lockstep.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Looks again and again, and prints what has changed, until the process is told to end.
final class Watching {

    /// Of the time that API servers are asked, how often the time goes by in which they are not.
    private static final int REST = 4;

    private final Terminal terminal;
    private final Format format;
    private final boolean onScreen;
    private final Looking looking;
    private final Pause pause;
    private @Nullable Snapshot last;
    private String noted = "";
    private volatile int exitCode = ExitCode.ERROR;

    /// Asks all clusters.
    interface Looking {
        /// Asks them once.
        ///
        /// @param notes where it says what somebody should know besides
        Snapshot once(Terminal notes) throws Unusable;
    }

    /// Goes by.
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    /// @param onScreen whether there is one that can be drawn anew
    Watching(Terminal terminal, Format format, boolean onScreen, Looking looking, Pause pause) {
        this.terminal = terminal;
        this.format = format;
        this.onScreen = onScreen;
        this.looking = looking;
        this.pause = pause;
    }

    /// Ctrl-C ends the process with the exit code of the last look.
    ///
    /// @param every how long to wait at least from one look to the next
    /// @return that code, if the pause is interrupted instead, or nobody reads any more
    /// @throws Unusable if nothing can be seen at the first look
    int run(Duration every) throws Unusable {
        var hook = new Thread(() -> Runtime.getRuntime().halt(exitCode));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            var before = System.nanoTime();
            look();
            while (isRead()) {
                var took = Duration.ofNanos(System.nanoTime() - before).multipliedBy(REST);
                pause.of(took.compareTo(every) > 0 ? took : every);
                before = System.nanoTime();
                lookAgain();
            }
            return exitCode;
        } catch (InterruptedException e) {
            return exitCode;
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    /// Or else nobody is there any more, as after `| head`.
    private boolean isRead() {
        return !terminal.out().checkError();
    }

    private void lookAgain() {
        try {
            look();
        } catch (Unusable e) {
            exitCode = ExitCode.ERROR;
            note("error: " + e.getMessage() + "\n");
        }
    }

    private void look() throws Unusable {
        var notes = new ByteArrayOutputStream();
        try (var stream = new PrintStream(notes, true, StandardCharsets.UTF_8)) {
            var now = looking.once(terminal.noting(stream));
            show(now);
            last = now;
            exitCode = now.exitCode();
        } finally {
            note(notes.toString(StandardCharsets.UTF_8));
        }
    }

    /// What was said the last time is not said again.
    private void note(String notes) {
        if (!notes.equals(noted)) {
            notes.lines().forEach(terminal::note);
            noted = notes;
        }
    }

    private void show(Snapshot now) {
        var before = last;
        if (now.equals(before)) {
            return;
        }
        if (format != Format.TABLE) {
            if (before != null && format == Format.YAML) {
                terminal.line("---");
            }
            format.print(SurveyJson.of(now.survey(), now.absent()), terminal);
        } else if (before == null || onScreen) {
            if (onScreen) {
                terminal.clear();
            }
            now.text().print(terminal);
        } else {
            print(before.text(), now.text());
        }
    }

    private void print(SurveyText before, SurveyText now) {
        var tables = new Changes(before, now).tables();
        if (tables.isEmpty() && before.summary().equals(now.summary())) {
            return;
        }
        terminal.line("");
        for (var table : tables) {
            table.print(terminal);
            terminal.line("");
        }
        terminal.line(now.summary());
    }
}
