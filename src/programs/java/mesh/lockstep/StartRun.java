package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import mesh.lockstep.support.Caller;
import mesh.lockstep.support.Memory;
import mesh.lockstep.support.Program;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.WebhookProcess;

/// What a start costs, and the first thousand reviews after it: of the executable and on a JVM as
/// the component `jvm` has it, with the cache of `make build` and without, as far as they are
/// built. In turns, so that what else the machine does is the same for all. Started by `make
/// bench-start`.
final class StartRun {

    private static final Path EXECUTABLE = Path.of("target/native/lockstep");
    private static final Path CACHE =
            Path.of(WebhookProcess.FOR_A_JVM, "lockstep.aot").toAbsolutePath();
    private static final int STARTS = Integer.getInteger("starts", 5);
    private static final int REVIEWS = 1_000;
    private static final int FIRST = 100;
    private static final Duration BETWEEN = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder = Program.folder("start");
    private final HttpClient http = Caller.stranger().client();

    /// @param wall from the start to ready, in ms
    /// @param used of a processor until then, in ms
    /// @param answer the time of the first review, in ms
    /// @param answers the median of the hundred after it, in ms
    /// @param each of a processor for each review, in ms
    /// @param memory after all of them
    private record Cost(
            double wall, double used, double answer, double answers, double each, Memory memory) {}

    private StartRun() {}

    public static void main(String... parts) {
        new Program().part("start", () -> new StartRun().measure()).run(parts);
    }

    private void measure() throws IOException, InterruptedException {
        var costs = new LinkedHashMap<String, List<Cost>>();
        WebhookProcess.makeCertificates(folder);
        for (int i = 0; i < STARTS; i++) {
            if (Files.isExecutable(EXECUTABLE)) {
                add(costs, "executable", EXECUTABLE.toString(), "");
            }
            if (Files.exists(CACHE)) {
                add(costs, "JVM with the cache", WebhookProcess.FOR_A_JVM, "-XX:AOTCache=" + CACHE);
            }
            add(costs, "JVM", WebhookProcess.FOR_A_JVM, "-XX:AOTMode=off");
        }
        costs.forEach(StartRun::say);
    }

    private void add(Map<String, List<Cost>> costs, String what, String packaged, String more)
            throws IOException, InterruptedException {
        costs.computeIfAbsent(what, _ -> new ArrayList<>()).add(cost(packaged, more));
    }

    private Cost cost(String packaged, String more) throws IOException, InterruptedException {
        var begun = System.nanoTime();
        var options = WebhookProcess.AS_IN_A_POD + " " + more;
        try (var webhook =
                WebhookProcess.start(packaged, folder, Map.of(WebhookProcess.OPTIONS, options))) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptions()
                    .until(() -> webhook.management("/q/health/ready").statusCode() == 200);
            var wall = millis(System.nanoTime() - begun);
            var ready = webhook.processorTime();
            var times = review(webhook);
            return new Cost(
                    wall,
                    ready.toMillis(),
                    times.getFirst(),
                    median(times.subList(1, FIRST + 1), it -> it),
                    (double) webhook.processorTime().minus(ready).toMillis() / REVIEWS,
                    Memory.of(webhook.handle()));
        }
    }

    /// As many as an API server sends a second in a rollout, over one connection: each to what was
    /// never read before.
    ///
    /// @return how long each took, in ms
    private List<Double> review(WebhookProcess webhook) throws IOException, InterruptedException {
        var times = new ArrayList<Double>();
        var begun = System.nanoTime();
        for (int i = 0; i < REVIEWS; i++) {
            var request =
                    request(webhook, Reviews.update(Reviews.policy(i + 1), Reviews.policy(i + 2)));
            TimeUnit.NANOSECONDS.sleep(begun + i * BETWEEN.toNanos() - System.nanoTime());
            var sent = System.nanoTime();
            assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
            times.add(millis(System.nanoTime() - sent));
        }
        return times;
    }

    private static HttpRequest request(WebhookProcess webhook, ObjectNode review) {
        return HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + webhook.httpsPort() + "/validate"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Reviews.bytes(review)))
                .build();
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static <T> double median(List<T> all, ToDoubleFunction<T> value) {
        return all.stream().mapToDouble(value).sorted().skip(all.size() / 2).findFirst().orElse(0);
    }

    @SuppressWarnings("SystemOut") // It is what is asked for.
    private static void say(String what, List<Cost> costs) {
        System.out.printf(
                Locale.ROOT,
                "%s: ready after %.0f ms, %.0f ms of a processor; first review %.0f ms, the next"
                        + " hundred %.1f ms; %.2f ms of a processor for each of %d; %.0f MiB"
                        + " resident, %.0f of it anonymous%n",
                what,
                median(costs, Cost::wall),
                median(costs, Cost::used),
                median(costs, Cost::answer),
                median(costs, Cost::answers),
                median(costs, Cost::each),
                REVIEWS,
                median(costs, it -> it.memory().resident()) / (1 << 20),
                median(costs, it -> it.memory().anonymous()) / (1 << 20));
    }
}
