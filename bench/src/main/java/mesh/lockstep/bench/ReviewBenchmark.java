package mesh.lockstep.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mesh.lockstep.admission.AdmissionReader;
import mesh.lockstep.admission.AdmissionRequest;
import mesh.lockstep.admission.UnreadableReviewException;
import mesh.lockstep.difference.Differ;
import mesh.lockstep.difference.Differences;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.reading.PolicyReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What is read and compared for one review of an ordinary policy, of 2 KB: a change, and a
/// re-apply, from their bytes to what is judged; and what a refusal takes besides, to say that two
/// policies part in three places.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class ReviewBenchmark {

    private static final PolicyKey KEY =
            new PolicyKey(PolicyKey.Kind.CILIUM_NETWORK_POLICY, "shop", "p");

    private static final int BYTES = 2_000;

    private final PolicyReader reader = new PolicyReader();
    private final AdmissionReader reviews = new AdmissionReader(() -> reader);
    private JsonNode before = MissingNode.getInstance();
    private JsonNode after = MissingNode.getInstance();
    private byte[] change = {};
    private byte[] reapply = {};

    @Setup(Level.Trial)
    public void prepare() throws IOException {
        var written = SizedPolicy.of(BYTES);
        before = StrictJson.read(written);
        after = StrictJson.read(changed(written));
        change = update(before, after);
        reapply = update(before, before);
        var places = explain();
        if (places.count() != 3) {
            throw new IllegalStateException("not three places: " + places);
        }
    }

    private static byte[] changed(byte[] written) {
        return new String(written, StandardCharsets.UTF_8)
                .replace("api-2.", "apis-2.")
                .replace("client-3\"", "client-0\"")
                .replace("things/7/1", "things/0/1")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] update(JsonNode before, JsonNode after) throws IOException {
        var review = JsonNodeFactory.instance.objectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        var request = review.putObject("request");
        request.put("uid", "u")
                .put("operation", "UPDATE")
                .put("namespace", KEY.namespace())
                .put("name", KEY.name());
        request.putObject("resource")
                .put("group", KEY.kind().group())
                .put("resource", KEY.kind().plural());
        request.set("object", after);
        request.set("oldObject", before);
        return StrictJson.write(review);
    }

    @Benchmark
    public AdmissionRequest change() throws UnreadableReviewException {
        return reviews.read(change);
    }

    @Benchmark
    public AdmissionRequest reapply() throws UnreadableReviewException {
        return reviews.read(reapply);
    }

    /// Reads the two as well.
    @Benchmark
    public Differences explain() {
        var here = reader.read(KEY, after);
        var there = reader.read(KEY, before);
        return Differ.between(here, there, Deadline.in(Duration.ofMinutes(1)));
    }
}
