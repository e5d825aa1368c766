package mesh.lockstep.support;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// What Flux's source-controller makes of a Git repository: for each commit an archive of its
/// files, served over HTTP on loopback.
public final class Repository implements AutoCloseable {

    private static final int MOST_WAITING = 16;

    private final Path folder;
    private final HttpServer server;
    private int commits;

    /// @param folder where the commits' files and archives are
    public Repository(Path folder) {
        this.folder = folder;
        try {
            var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            server = HttpServer.create(loopback, MOST_WAITING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.start();
    }

    /// A commit as a `status.artifact` names it.
    ///
    /// @param revision branch and hash
    /// @param path of the archive, after the server's address
    /// @param digest of the archive
    public record Commit(String revision, String path, String url, String digest) {}

    /// Makes a commit that has exactly these files.
    ///
    /// @param files by their names
    public Commit commit(Map<String, String> files) {
        var number = ++commits;
        var path = "/" + number + ".tar.gz";
        var archive = archive(folder.resolve(Integer.toString(number)), files);
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(200, archive.length);
                        exchange.getResponseBody().write(archive);
                    }
                });
        return new Commit(
                "main@sha1:%040x".formatted(number),
                path,
                "http://127.0.0.1:" + server.getAddress().getPort() + path,
                "sha256:" + sha256(archive));
    }

    private static byte[] archive(Path folder, Map<String, String> files) {
        var command = new ArrayList<>(List.of("tar", "-czf", "-", "-C", folder.toString()));
        command.addAll(files.keySet());
        try {
            Files.createDirectories(folder);
            for (var file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
            var tar =
                    new ProcessBuilder(command)
                            .redirectError(folder.resolveSibling("tar.log").toFile())
                            .start();
            return tar.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
