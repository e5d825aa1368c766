package mesh.lockstep.support;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/// The executable beside the JVM, with the same settings and the same peers. Where they part, one
/// of them is wrong.
public final class Twins implements AutoCloseable {

    private final WebhookProcess executable;
    private final WebhookProcess jvm;
    private final HttpClient http = Caller.stranger().client();

    /// Starts both, and waits until they are ready.
    public Twins(Path folder, Map<String, String> environment) throws IOException {
        assertThat(Path.of(WebhookProcess.APPLICATION))
                .as("the executable: make native")
                .isExecutable()
                .isRegularFile();
        WebhookProcess.makeCertificates(folder);
        executable = start(WebhookProcess.APPLICATION, folder.resolve("executable"), environment);
        jvm = start(WebhookProcess.FOR_A_JVM, folder.resolve("jvm"), environment);
        executable.awaitReady();
        jvm.awaitReady();
    }

    private static WebhookProcess start(
            String packaged, Path folder, Map<String, String> environment) throws IOException {
        Files.createDirectories(folder);
        Files.createSymbolicLink(folder.resolve("tls"), folder.resolveSibling("tls"));
        return WebhookProcess.start(packaged, folder, environment);
    }

    /// Waits until the management ports of both show something.
    public void awaitBoth(String path, Predicate<Response> shows) {
        for (var webhook : List.of(executable, jvm)) {
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> shows.test(webhook.management(path)));
        }
    }

    /// Asks both the same.
    ///
    /// @param request to the webhook at an address
    /// @return what both answer
    public String answer(Function<URI, HttpRequest> request)
            throws IOException, InterruptedException {
        var answer = answer(executable, request);
        assertThat(answer).isEqualTo(answer(jvm, request));
        return answer;
    }

    private String answer(WebhookProcess webhook, Function<URI, HttpRequest> request)
            throws IOException, InterruptedException {
        var server = URI.create("https://127.0.0.1:" + webhook.httpsPort());
        var answer = http.send(request.apply(server), HttpResponse.BodyHandlers.ofString());
        return "%d %s%n%s"
                .formatted(
                        answer.statusCode(),
                        answer.headers().firstValue("Content-Type").orElse("without type"),
                        answer.body());
    }

    /// What the management port of each shows: the executable's first.
    public List<Response> management(String path) {
        return List.of(executable.management(path), jvm.management(path));
    }

    @Override
    public void close() {
        executable.close();
        jvm.close();
    }
}
