package mesh.lockstep.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.Digest;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Reading a policy and digesting what it means, compared with what needs no understanding: parsing
/// its JSON, and writing the tree out in one canonical way. With `-prof gc`, `gc.alloc.rate.norm`
/// are the bytes for each.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class ReadingBenchmark {

    private static final PolicyKey KEY =
            new PolicyKey(PolicyKey.Kind.CILIUM_NETWORK_POLICY, "shop", "p");

    @Param({"500", "5000", "50000", "1048576"})
    public int bytes;

    private final PolicyReader reader = new PolicyReader();
    private byte[] json = {};
    private JsonNode tree = MissingNode.getInstance();

    @Setup(Level.Trial)
    public void prepare() throws IOException {
        json = SizedPolicy.of(bytes);
        tree = StrictJson.read(json);
        var meaning = reader.read(KEY, tree).meaning();
        if (meaning.asWritten().isPresent()) {
            throw new IllegalStateException("compared as written: " + meaning.asWritten().get());
        }
    }

    @Benchmark
    public JsonNode parse() throws IOException {
        return StrictJson.read(json);
    }

    @Benchmark
    public String canonicalise() {
        return CanonicalJson.text(tree);
    }

    @Benchmark
    public Digest readAndDigest() {
        return reader.read(KEY, tree).meaning().digest();
    }
}
