package mesh.lockstep.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is told of an object that nothing else can be read of.
class OutlineTest {

    private static final String POLICY =
            """
            { "status" : {"a":"]}\\\\\\"{,:"} ,"x":"spec",
              "metadata": {"managedFields":[{"name":"no"}], "name":"a\\u00fc\u00fc", "namespace" : "default",
                "resourceVersion":7, "annotations": {"lockstep.mesh/revision":"2","other":"x"},
                "labels":null, "deletionTimestamp":"2026-01-31T00:00:00Z"},
              "spec" : {"spec":[{"a":" b"},[]],"metadata":{"name":"c"}}, "s\\u0070ecs":[{}] }""";

    @Test
    void isTheSameHoweverItIsCut() throws IOException {
        var whole = outline(POLICY, POLICY.length());

        for (int size = 1; size < 40; size++) {
            assertThat(outline(POLICY, size)).isEqualTo(whole);
        }
    }

    @Test
    void keepsWhatAPolicyIsKnownByAndDigestsItsRules() throws IOException {
        var read = StrictJson.read(POLICY.getBytes(UTF_8), Keep.POLICY);

        var outline = outline(POLICY, 100);

        assertThat(outline.path("metadata")).isEqualTo(read.path("metadata"));
        assertThat(outline.path("spec"))
                .isInstanceOfSatisfying(
                        Oversize.class,
                        it ->
                                assertThat(it.reason())
                                        .isEqualTo("too large or too deep to be read"));
        assertThat(outline.path("specs")).isInstanceOf(Oversize.class);
        assertThat(outline.size()).isEqualTo(read.size());
    }

    /// Of what is large or deep, that is left out.
    @Test
    void doesNotSayWhatCiliumSaysOfThePolicy() throws IOException {
        var outline = new Outline(Keep.HELD_POLICY);
        var object =
                "{\"metadata\":{\"name\":\"a\"},\"status\":{\"conditions\":[{\"type\":\"Valid\","
                        + "\"status\":\"False\",\"message\":\"m\"}]},\"spec\":{}}";
        outline.add(object.getBytes(UTF_8), 0, object.length());

        assertThat(outline.object().at("/metadata/name").asText()).isEqualTo("a");
        assertThat(outline.object().path("status")).isEmpty();
    }

    @Test
    void readsTheSameRulesAsTheSameHoweverTheyAreSpaced() throws IOException {
        var one = outline("{\"spec\":{\"a\":[\"b c\",1]}}");

        assertThat(outline("{ \"spec\" : { \"a\" : [ \"b c\" , 1 ] } , \"status\":{}}"))
                .isEqualTo(one);
        assertThat(outline("{\"spec\":{\"a\":[\"bc\",1]}}")).isNotEqualTo(one);
        assertThat(outline("{\"spec\":{\"a\":[\"b c\"],\"1\":1}}")).isNotEqualTo(one);
    }

    /// However much it has before its name, and however deep that is.
    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "\"a\",", "0", "\"\\\\"})
    void findsTheNameBehindWhateverIsLong(String piece) throws IOException {
        var repeated = piece.repeat(300_000);
        var value =
                switch (piece) {
                    case "[" -> repeated + "]".repeat(300_000);
                    case "{\"a\":" -> repeated + "0" + "}".repeat(300_000);
                    case "\"a\"," -> "[" + repeated + "0]";
                    case "0" -> repeated;
                    default -> "\"" + "\\\\".repeat(300_000) + "\"";
                };
        for (var key : new String[] {"\"status\"", "\"" + "k".repeat(300_000) + "\""}) {
            var outline =
                    outline(
                            "{%s:%s,\"metadata\":{%s:%s,\"name\":\"a\"}}"
                                    .formatted(key, value, key, value));

            assertThat(outline).hasToString("{\"metadata\":{\"name\":\"a\"}}");
        }
    }

    @Test
    void leavesOutWhatIsTooLongToBeKept() throws IOException {
        var text = "x".repeat(30_000);

        assertThat(
                        outline(
                                """
                                {"metadata":{"namespace":"%s","resourceVersion":[%s],"name":"a"}}"""
                                        .formatted(text, "0,".repeat(30_000) + "0")))
                .hasToString(
                        "{\"metadata\":{\"namespace\":{},\"resourceVersion\":{},\"name\":\"a\"}}");
    }

    @Test
    void takesNoMemory() throws IOException {
        var rules = "{\"a\":[\"b\"]},".repeat(1_000_000);
        var json =
                "{\"metadata\":{\"name\":\"a\",\"x\":[%s0]},\"spec\":[%s0]}"
                        .formatted(rules, rules)
                        .getBytes(UTF_8);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var outline = new Outline(Keep.POLICY);
        outline("{\"spec\":{}}");

        long before = threads.getCurrentThreadAllocatedBytes();
        outline.add(json, 0, json.length);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1024 * 1024);
        assertThat(outline.object().at("/metadata/name").asText()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "[{}]",
                "\"{}\"",
                "}",
                ":",
                ",",
                "{} {}",
                "{}]",
                "{\"spec\":1",
                "{\"spec\":\"}",
                "{\"spec\"}",
                "{spec:1}",
                "{\"spec\":1,\"spec\":2}",
                "{\"metadata\":{\"name\":a}}",
                "{\"metadata\":{},\"metadata\":{}}",
                "{\"metadata\":{\"name\":\"a\" \"b\"}}",
                "{\"metadata\":1:2}"
            })
    void rejectsWhatIsNotAnObject(String json) {
        assertThatThrownBy(() -> outline(json)).isInstanceOf(JsonProcessingException.class);
    }

    private static JsonNode outline(String json) throws IOException {
        return outline(json, 1_000);
    }

    private static JsonNode outline(String json, int size) throws IOException {
        var outline = new Outline(Keep.POLICY);
        var bytes = json.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; from += size) {
            outline.add(bytes, from, Math.min(bytes.length, from + size));
        }
        return outline.object();
    }
}
