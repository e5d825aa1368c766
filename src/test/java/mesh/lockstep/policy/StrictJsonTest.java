package mesh.lockstep.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.CharacterCodingException;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is kept of a document, and at what cost.
class StrictJsonTest {

    private static final int LARGE = 2_500_000;

    @Test
    void keepsOfAPolicyWhatIsCompared() throws IOException {
        var kept =
                read(
                        """
                        {"kind":"x","metadata":{"name":"a","managedFields":[{}],"annotations":
                        {"lockstep.mesh/revision":"2","other":"x"}},"spec":{"a":[1.50,null,{}]},
                        "status":{"a":1}}""");

        assertThat(kept)
                .hasToString(
                        "{\"metadata\":{\"name\":\"a\",\"annotations\":{\"lockstep.mesh/revision\":\"2\"}},"
                                + "\"spec\":{\"a\":[1.5,null,{}]}}");
    }

    @Test
    void keepsOfAStatusWhetherCiliumCallsThePolicyValid() throws IOException {
        var kept =
                held(
                        """
                        {"conditions":[{"type":"Valid","status":"False","message":"%s","x":[{}]},
                        {"type":["Valid"],"status":{"a":[1]},"message":1},"Valid",[[]]],
                        "derivativePolicies":{"a":{}}}"""
                                .formatted("m".repeat(1_000)));

        assertThat(kept.path("status"))
                .hasToString(
                        "{\"conditions\":[{\"type\":\"Valid\",\"status\":\"False\",\"message\":\"%s\"},"
                                        .formatted("m".repeat(400))
                                + "{\"type\":null,\"status\":null,\"message\":null}]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "null", "{\"conditions\":{\"type\":\"Valid\"}}", "\"False\""})
    void keepsNoConditionsOfAStatusThatHasNone(String status) throws IOException {
        assertThat(held(status).path("status").path("conditions")).isEmpty();
    }

    /// Whatever is in the place of conditions, and however many there are.
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{},",
                "[],",
                "0,",
                "{\"type\":\"Valid\",\"status\":\"False\",\"message\":\"m\"},",
                "{\"conditions\":[{}]},"
            })
    void keepsAFewConditions(String condition) throws IOException {
        var json =
                bytes(
                        "{\"status\":{\"conditions\":["
                                + condition.repeat(LARGE / condition.length())
                                + "0]}}");

        assertThat(StrictJson.read(json, Keep.HELD_POLICY).at("/status/conditions").size())
                .isLessThanOrEqualTo(10);
        // Passing over names takes as much wherever they are.
        assertThat(allocated(() -> StrictJson.read(json, Keep.HELD_POLICY))).isLessThan(4L * LARGE);
    }

    private static JsonNode held(String status) throws IOException {
        return StrictJson.read(bytes("{\"status\":" + status + "}"), Keep.HELD_POLICY);
    }

    /// Each shape by which a little text becomes much of a tree.
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"{},", "[],", "0,", "\"\",", "{\"a\":{}},", "[[]],", "null,", "1e9,"})
    void makesNoTreeOfRulesThatAreTooLargeForOne(String element) throws IOException {
        var json = bytes(policy(element, LARGE / element.length()));

        var kept = StrictJson.read(json, Keep.POLICY);

        assertThat(kept.path("spec")).isInstanceOf(Oversize.class);
        assertThat(allocated(() -> read(json))).isLessThan(80L * LARGE);
    }

    @Test
    void passesOverWhatNobodyReadsAtNoCostOfMemory() throws IOException {
        var json = bytes(policy("{},", LARGE / 3).replace("\"spec\"", "\"status\""));

        assertThat(allocated(() -> read(json))).isLessThan(2L * 1024 * 1024);
    }

    /// As an object has it that was built to fill the names that a parser remembers.
    @Test
    void remembersNoNamesOfWhatItPassesOver() throws IOException {
        var text = new StringBuilder("{\"status\":{");
        for (int i = 0; i < LARGE / 10; i++) {
            text.append('"').append(i).append("\":0,");
        }
        var json = bytes(text.append("\"x\":0}}").toString());

        assertThat(allocated(() -> read(json))).isLessThan(80L * LARGE / 10);
    }

    @Test
    void readsOneValueMoreThanATreeMayHaveAsADigest() throws IOException {
        var fitting = read(policy("0,", StrictJson.MAX_NODES - 3));
        var larger = read(policy("0,", StrictJson.MAX_NODES - 2));

        assertThat(fitting.path("spec") instanceof Oversize).isFalse();
        assertThat(larger.path("spec") instanceof Oversize).isTrue();
    }

    @Test
    void countsSpecAndSpecsTogether() throws IOException {
        var half = "[" + "0,".repeat(StrictJson.MAX_NODES * 2 / 3) + "0]";

        var kept = read("{\"spec\":" + half + ",\"specs\":" + half + "}");

        assertThat(kept.path("spec").isArray()).isTrue();
        assertThat(kept.path("specs")).isInstanceOf(Oversize.class);
    }

    /// Wherever the tree was broken off: what was read before and what came after count as one.
    @Test
    void digestsWhatIsTooLargeAsThoughItHadBecomeATree() throws IOException {
        var random = new Random(7);
        for (int i = 0; i < 8; i++) {
            var rules = JsonNodeFactory.instance.arrayNode();
            while (nodes(rules) <= StrictJson.MAX_NODES) {
                for (int j = 0; j < 5_000; j++) {
                    rules.add(value(random, 0));
                }
            }
            var json = StrictJson.write(rules);

            assertThat(StrictJson.read(json, Keep.RULES))
                    .isEqualTo(
                            new Oversize(
                                    KeptReading.TOO_MANY, TokenDigest.of(StrictJson.read(json))));
        }
    }

    @Test
    void readsTheSameRulesAsTheSameHoweverTheyAreSpaced() throws IOException {
        var one = read(policy("{\"a\":1.0},", StrictJson.MAX_NODES));
        var spaced = read(policy(" { \"a\" : 1, \"b\" : null } ,", StrictJson.MAX_NODES));
        var other = read(policy("{\"a\":2.0},", StrictJson.MAX_NODES));

        assertThat(one.path("spec"))
                .isEqualTo(spaced.path("spec"))
                .isNotEqualTo(other.path("spec"));
    }

    /// No two values have the same bytes to digest.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"\"",
                "0",
                "\"0\"",
                "true",
                "false",
                "null",
                "[null]",
                "{\"a\":0}",
                "{\"a\":\"0\"}",
                "[\"a\",0]",
                "{\"a\":{},\"b\":0}",
                "{\"a\":{\"b\":0}}",
                "[[],[]]",
                "[[[]]]",
                "\"\\ud800\"",
                "\"\\udfff\"",
                "\"?\"",
                "{\"\":\"\"}",
                "[\"\",\"\"]"
            })
    void digestsDifferentValuesDifferently(String json) throws IOException {
        var digest = TokenDigest.of(StrictJson.read(bytes(json)));

        for (var other :
                new String[] {"[{}]", "\"a\"", "{\"a\":[]}", "[\"a\"]", "\"\\ud801\"", "1"}) {
            assertThat(TokenDigest.of(StrictJson.read(bytes(other)))).isNotEqualTo(digest);
        }
        assertThat(TokenDigest.of(StrictJson.read(bytes("[" + json + "]")))).isNotEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"spec\":{},\"spec\":{}}",
                "{\"spec\":{\"a\":1,\"a\":1}}",
                "{\"metadata\":{\"name\":\"a\",\"name\":\"b\"}}",
                "{} {}",
                "{\"spec\":[}",
                "{\"spec\":"
            })
    void rejectsDuplicateKeysAndATail(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void readsNoHalfCharacters() {
        var json = bytes("{\"spec\":\"xx\"}");
        json[9] = (byte) 0xC3;

        assertThatThrownBy(() -> StrictJson.read(json, Keep.POLICY))
                .isInstanceOf(CharacterCodingException.class);
    }

    /// Cilium's CRDs bound the values of labels, not their keys.
    @Test
    void readsKeysThatAreAsLongAsTexts() throws IOException {
        var key = "x".repeat(2_000_000);
        var json = bytes(policy("{\"%s\":1},".formatted(key), 1));

        assertThat(read(json).at("/spec/x/0").has(key)).isTrue();
        assertThat(allocated(() -> read(json))).isLessThan(10L * json.length);
    }

    @Test
    void spellsNumbersWhateverTheirExponent() throws IOException {
        for (var number : new String[] {"1E2147483648", "1E-2147483647", "1e999999999"}) {
            var spec = read("{\"spec\":" + number + "}").path("spec");

            assertThat(CanonicalJson.text(spec)).hasSizeLessThan(20);
        }
    }

    private static String policy(String element, int times) {
        return "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"x\":[" + element.repeat(times) + "0]}}";
    }

    private static JsonNode value(Random random, int depth) {
        var nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(depth > 6 ? 4 : 6)) {
            case 0 -> nodes.textNode("t" + random.nextInt(9));
            case 1 -> nodes.numberNode(random.nextInt(9));
            case 2 -> nodes.nullNode();
            case 3 -> nodes.booleanNode(random.nextBoolean());
            case 4 -> {
                var array = nodes.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(random, depth + 1));
                }
                yield array;
            }
            default -> {
                var object = nodes.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set("k" + random.nextInt(9), value(random, depth + 1));
                }
                yield object;
            }
        };
    }

    private static int nodes(JsonNode node) {
        int nodes = 1;
        for (var element : node) {
            nodes += nodes(element);
        }
        return nodes;
    }

    private interface Task {
        Object run() throws IOException;
    }

    /// Bytes, the second time: classes and buffers are there by then.
    private static long allocated(Task task) throws IOException {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThat(task.run()).isNotNull();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(task.run()).isNotNull();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static JsonNode read(String json) throws IOException {
        return read(bytes(json));
    }

    private static JsonNode read(byte[] json) throws IOException {
        return StrictJson.read(json, Keep.POLICY);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
