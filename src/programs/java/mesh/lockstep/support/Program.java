package mesh.lockstep.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.regex.Pattern;

/// Parts that somebody runs by a verb of make, each by its name.
public final class Program {

    /// Fails by whatever it throws.
    public interface Part {
        void run() throws Exception;
    }

    /// Longer than any of them takes, so that none hangs for ever.
    private static final Duration MOST = Duration.ofHours(3);

    private final Map<String, Part> parts = new LinkedHashMap<>();

    public Program part(String name, Part part) {
        parts.put(name, part);
        return this;
    }

    /// Runs those that have one of the names, in which `*` means any letters, or all if no name is
    /// given; and ends this process, whatever threads are left: by 1 if one of them failed, or if
    /// nothing has such a name.
    public void run(String... names) {
        endAfterTooLong();
        var exitCode = 1;
        try {
            for (var part : wanted(names)) {
                part.run();
            }
            exitCode = 0;
        } catch (Throwable e) {
            // No logger is set up that would tell it.
            e.printStackTrace(System.err);
        } finally {
            System.exit(exitCode);
        }
    }

    private static void endAfterTooLong() {
        var end =
                new TimerTask() {
                    @Override
                    public void run() {
                        System.err.println("Not over after " + MOST + ": ended.");
                        Runtime.getRuntime().halt(1);
                    }
                };
        new Timer(true).schedule(end, MOST.toMillis());
    }

    private List<Part> wanted(String... names) {
        var pattern =
                Pattern.compile(
                        names.length == 0 ? ".*" : String.join("|", names).replace("*", ".*"));
        var wanted =
                parts.keySet().stream()
                        .filter(it -> pattern.matcher(it).matches())
                        .map(parts::get)
                        .toList();
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join(" ", names) + " is none of " + parts.keySet());
        }
        return wanted;
    }

    /// An empty folder under `target/`, which stays when all is over.
    public static Path folder(String name) {
        var folder = Path.of("target", name).toAbsolutePath();
        try {
            if (Files.exists(folder)) {
                try (var files = Files.walk(folder)) {
                    files.sorted(Comparator.reverseOrder()).forEach(it -> it.toFile().delete());
                }
            }
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
