package mesh.lockstep.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A copy of what an operator uses of a checkout, `k8s/`, `certs/` and `charts/`, and a shell in it
/// with the real kubectl and helm, and the contexts of a mesh.
public record Checkout(Path folder, Mesh mesh) {

    private static final long SECONDS = 120;
    private static final Path BUILT = Path.of("mesh/bin").toAbsolutePath();

    public static Checkout in(Path folder, Mesh mesh) {
        try {
            copy(Path.of("k8s"), folder);
            copy(Path.of("certs"), folder);
            copy(Path.of("charts"), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Checkout(folder, mesh);
    }

    /// What a command wrote to the terminal.
    public record Output(int exitCode, String text) {}

    /// Runs a line as a user types it.
    public Output run(String line) {
        var log = folder.resolve("shell.log");
        var builder =
                new ProcessBuilder("bash", "-c", line)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        var kubectl = mesh.kubectl("").program();
        builder.environment()
                .merge(
                        "PATH",
                        kubectl.getParent() + ":" + BUILT + ":",
                        (path, first) -> first + path);
        builder.environment().put("KUBECONFIG", mesh.kubeconfig().toString());
        builder.environment().put("KUBECACHEDIR", folder.resolve("cache").toString());
        try {
            var process = builder.start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        line + " does not end:\n" + Files.readString(log, StandardCharsets.UTF_8));
            }
            return new Output(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Runs a line that has to succeed.
    public String succeed(String line) {
        var output = run(line);
        if (output.exitCode() != 0) {
            throw new AssertionError(line + " failed:\n" + output.text());
        }
        return output.text();
    }

    public Checkout write(String file, List<String> lines) {
        try {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.write(folder.resolve(file), lines);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Without certificates that somebody made.
    public static void copy(Path source, Path target) throws IOException {
        Files.walkFileTree(
                source,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        if (folder.endsWith("out")) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        Files.createDirectories(target.resolve(folder));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.copy(file, target.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
