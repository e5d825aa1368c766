package mesh.lockstep.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Writes down which tests were skipped, and what they miss, for `.mvn/skipped.sh`: Surefire's
/// reports do not mention a whole class that is skipped.
public final class SkippedTests implements TestExecutionListener {

    private static final Path FILE = Path.of("target/skipped.txt");
    private static final String NO_REASON = "no reason given";

    private final Path file;

    public SkippedTests() {
        this(FILE);
    }

    /// @param file to which it is appended
    public SkippedTests(Path file) {
        this.file = file;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        write("");
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        write(line(test, reason));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == Status.ABORTED) {
            write(line(test, result.getThrowable().map(Throwable::getMessage).orElse(NO_REASON)));
        }
    }

    private static String line(TestIdentifier test, String reason) {
        var name = test.getSource().map(SkippedTests::type).orElse(test.getDisplayName());
        var missing = reason.replaceFirst("^Assumption failed: ", "").replaceAll("\\s+", " ");
        return name.substring(name.lastIndexOf('.') + 1) + ": " + missing + "\n";
    }

    private static String type(TestSource source) {
        return switch (source) {
            case ClassSource type -> type.getClassName();
            case MethodSource method -> method.getClassName();
            default -> source.toString();
        };
    }

    private void write(String lines) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
