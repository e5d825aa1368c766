package mesh.lockstep.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import mesh.lockstep.support.Effort.Cost;

/// How what something costs grows with what comes in: ten times as much of it costs ten times as
/// much, and some for sorting and for caches. The stack that it takes does not grow.
public final class Growth {

    private static final int TIMES = 10;
    private static final int RATIO = 25;
    private static final Cost NOISE = new Cost(20_000_000, 2_000_000);

    /// Trees have up to a hundred levels.
    private static final int SMALL_STACK = 512 * 1024;

    /// Elements of a list count as much as this many characters of a text.
    private static final int ELEMENT = 10;

    private Growth() {}

    /// A place of an input, always the same one.
    public static long place(byte[] input) {
        var place = new CRC32();
        place.update(input);
        return place.getValue();
    }

    /// Fails if it costs more than it grows.
    ///
    /// @param task for an input of this many characters
    public static void isBounded(int size, IntFunction<Runnable> task) {
        var few = cost(task.apply(size));
        var most =
                new Cost(
                        RATIO * Math.max(few.nanos(), NOISE.nanos()),
                        RATIO * Math.max(few.bytes(), NOISE.bytes()));
        if (!cost(task.apply(TIMES * size)).isWithin(most)) {
            // Classes may have been loaded, which Jazzer changes on the same thread.
            most.assertIsNotExceeded(cost(task.apply(TIMES * size)));
        }
    }

    private static Cost cost(Runnable task) {
        var costs = new ArrayList<Cost>();
        var trouble = new ArrayList<Throwable>();
        var thread = new Thread(null, () -> costs.add(Effort.of(task)), "small", SMALL_STACK);
        thread.setUncaughtExceptionHandler((_, thrown) -> trouble.add(thrown));
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(trouble).isEmpty();
        return costs.getFirst();
    }

    /// The same with a part of it repeated until it has that size. Parts end where what they begin
    /// with comes again, so that a line stays a line, and an element an element.
    public static byte[] repeated(byte[] input, long place, int size) {
        if (input.length == 0) {
            return input;
        }
        int from = (int) (place % input.length);
        long ends = place % 4;
        int to =
                IntStream.range(from + 1, input.length)
                        .filter(it -> input[it] == input[from])
                        .skip(ends)
                        .findFirst()
                        .orElse(input.length);
        var grown = new ByteArrayOutputStream();
        grown.write(input, 0, from);
        while (grown.size() < size) {
            grown.write(input, from, to - from);
        }
        grown.write(input, from, input.length - from);
        return grown.toByteArray();
    }

    /// The same with one of its texts or lists repeated until it has about that size.
    ///
    /// @param tree is changed
    public static JsonNode grown(JsonNode tree, long place, int size) {
        var parents = new ArrayList<JsonNode>();
        collect(tree, parents);
        if (!parents.isEmpty()) {
            grow(parents.get((int) (place % parents.size())), place, size);
        }
        return tree;
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
                for (int i = 0; i < size / ELEMENT; i++) {
                    array.add(numbered(element, i));
                }
            }
            case ObjectNode object -> {
                var key = object.properties().stream().skip(child).findFirst().orElseThrow();
                if (key.getValue() instanceof TextNode text && !text.textValue().isEmpty()) {
                    var times = size / text.textValue().length();
                    key.setValue(TextNode.valueOf(text.textValue().repeat(times)));
                } else {
                    for (int i = 0; i < size / ELEMENT; i++) {
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
}
