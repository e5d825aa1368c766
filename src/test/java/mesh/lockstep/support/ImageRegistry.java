package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A registry of images on this machine: `mesh/bin/registry`, with the image `base:jre` in it.
public final class ImageRegistry implements AutoCloseable {

    private static final Path PROGRAM = Path.of("mesh/bin/registry").toAbsolutePath();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final String address;

    public ImageRegistry() {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException(
                    "the registry is not built: run mesh/build-tool.sh registry, or all with make test");
        }
        try {
            process =
                    new ProcessBuilder(PROGRAM.toString())
                            .redirectError(Path.of("target/registry.log").toFile())
                            .start();
            var line = process.inputReader(StandardCharsets.UTF_8).readLine();
            if (line == null) {
                throw new IllegalStateException("it did not start: see target/registry.log");
            }
            address = line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As it is written before the name of an image.
    public String address() {
        return address;
    }

    /// The list of an image's platforms, or the manifest of one.
    public JsonNode manifest(String name, String reference) {
        return json("/v2/" + name + "/manifests/" + reference);
    }

    public JsonNode config(String name, JsonNode manifest) {
        return json(blob(name, manifest.path("config")));
    }

    /// Writes a layer, a packed archive of tar, into a file.
    public Path layer(String name, JsonNode layer, Path file) {
        return send(blob(name, layer), BodyHandlers.ofFile(file));
    }

    private static String blob(String name, JsonNode descriptor) {
        return "/v2/" + name + "/blobs/" + descriptor.path("digest").asText();
    }

    private JsonNode json(String path) {
        try {
            return new ObjectMapper().readTree(send(path, BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T send(String path, BodyHandler<T> body) {
        var request = HttpRequest.newBuilder(URI.create("http://" + address + path));
        List.of(
                        "application/vnd.docker.distribution.manifest.list.v2+json",
                        "application/vnd.docker.distribution.manifest.v2+json",
                        "application/vnd.oci.image.index.v1+json",
                        "application/vnd.oci.image.manifest.v1+json")
                .forEach(it -> request.header("Accept", it));
        try {
            var answer = client.send(request.build(), body);
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + answer.statusCode());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        process.destroy();
    }
}
