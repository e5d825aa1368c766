package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Effort;
import mesh.lockstep.support.Effort.Cost;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever policy is read: as a text or a list in it grows, so does what it costs, and no more;
/// and the stack that it takes does not.
class PolicyCostFuzzTest {

    private static final PolicyReader READER =
            new PolicyReader(Settings.DEFAULTS, Optional.of(new ClusterName("cluster1")));

    /// Characters of a text, elements of a list.
    private static final int SIZE = 3_000;

    private static final int TIMES = 10;
    private static final int RATIO = 25;
    private static final Cost NOISE = new Cost(20_000_000, 2_000_000);

    /// Trees have up to a hundred levels.
    private static final int SMALL_STACK = 512 * 1024;

    static Stream<byte[]> seeds() throws IOException {
        return PolicyFuzzTest.seeds().map(PolicyCostFuzzTest::annotated);
    }

    private static byte[] annotated(byte[] json) {
        var object = (ObjectNode) tree(json).orElseThrow();
        object.withObject("/metadata/annotations")
                .put(Intent.REVISION, "1")
                .put(Intent.MEMBERS, "cluster1, cluster2")
                .put(Intent.RELATIVE, "true");
        return Yaml.json(object);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void costsAsMuchAsItIsLong(byte[] json) throws InterruptedException {
        var place = new CRC32();
        place.update(json);
        for (int i = 0; i < 3; i++) {
            var at = place.getValue() + i;
            var once = tree(json).map(it -> grown(it, at, SIZE));
            var tenTimes = tree(json).map(it -> grown(it, at, TIMES * SIZE));
            if (once.isPresent() && tenTimes.isPresent()) {
                check(once.get(), tenTimes.get());
            }
        }
    }

    private static void check(JsonNode once, JsonNode tenTimes) throws InterruptedException {
        var few = cost(once);
        var many = cost(tenTimes);
        assertThat(many.bytes()).isLessThan(RATIO * Math.max(few.bytes(), NOISE.bytes()));
        assertThat(many.nanos()).isLessThan(RATIO * Math.max(few.nanos(), NOISE.nanos()));
    }

    private static Cost cost(JsonNode object) throws InterruptedException {
        var costs = new ArrayList<Cost>();
        var trouble = new ArrayList<Throwable>();
        var thread =
                new Thread(
                        null,
                        () -> costs.add(Effort.of(() -> READER.read(Policies.KEY, object))),
                        "small",
                        SMALL_STACK);
        thread.setUncaughtExceptionHandler((_, thrown) -> trouble.add(thrown));
        thread.start();
        thread.join();
        assertThat(trouble).isEmpty();
        return costs.getFirst();
    }

    /// The same with one of its texts or lists repeated until it has that size.
    private static JsonNode grown(JsonNode object, long place, int size) {
        var parents = new ArrayList<JsonNode>();
        collect(object, parents);
        if (!parents.isEmpty()) {
            grow(parents.get((int) (place % parents.size())), place, size);
        }
        return object;
    }

    private static void collect(JsonNode node, List<JsonNode> parents) {
        if (node.isContainerNode() && !node.isEmpty()) {
            parents.add(node);
            node.forEach(child -> collect(child, parents));
        }
    }

    private static void grow(JsonNode parent, long place, int size) {
        var child = (int) (place / 7 % parent.size());
        switch (parent) {
            case ArrayNode array -> {
                var element = array.get(child);
                for (int i = 0; i < size / 10; i++) {
                    array.add(numbered(element, i));
                }
            }
            case ObjectNode object -> {
                var key = object.properties().stream().skip(child).findFirst().orElseThrow();
                if (key.getValue() instanceof TextNode text && !text.textValue().isEmpty()) {
                    var times = size / text.textValue().length();
                    key.setValue(TextNode.valueOf(text.textValue().repeat(times)));
                } else {
                    for (int i = 0; i < size / 10; i++) {
                        object.set(key.getKey() + i, numbered(key.getValue(), i));
                    }
                }
            }
            default -> throw new IllegalStateException("no container");
        }
    }

    /// The element with another first text.
    private static JsonNode numbered(JsonNode element, int number) {
        return switch (element) {
            case TextNode text -> TextNode.valueOf(text.textValue() + number);
            case ObjectNode object when !object.isEmpty() -> {
                var copy = object.deepCopy();
                var first = copy.properties().iterator().next();
                first.setValue(numbered(first.getValue(), number));
                yield copy;
            }
            case ArrayNode array when !array.isEmpty() -> {
                var copy = array.deepCopy();
                copy.set(0, numbered(copy.get(0), number));
                yield copy;
            }
            default -> element;
        };
    }

    private static Optional<JsonNode> tree(byte[] json) {
        try {
            return Optional.of(StrictJson.read(json));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
