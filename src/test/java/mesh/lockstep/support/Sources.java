package mesh.lockstep.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A copy of what the application is built from, to be built once more in another folder.
public record Sources(Path folder) {

    private static final List<String> PARTS = List.of("src/main", ".mvn", "mvnw", "pom.xml");

    public static Sources in(Path folder) {
        try {
            for (var part : PARTS) {
                Checkout.copy(Path.of(part), folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Sources(folder);
    }

    /// Runs a line as a user types it, with this Java.
    public Sources run(String line) {
        var log = folder.resolve("build.log");
        var builder =
                new ProcessBuilder("bash", "-c", line)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            if (builder.start().waitFor() != 0) {
                throw new IllegalStateException(line + " failed:\n" + Files.readString(log));
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public Path file(String path) {
        return folder.resolve(path);
    }
}
