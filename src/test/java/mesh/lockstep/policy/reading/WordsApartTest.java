package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mesh.lockstep.policy.Digest;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// In each place of a policy, words that differ make policies that differ, even if they are words
/// of our own statements.
class WordsApartTest {

    /// Words for names of labels, ports and the like, in lower case.
    private static final List<String> NAMES =
            List.of("a", "b", "a-b", "any", "all", "in", "not", "absent", "or", "if", "to", "http");

    /// Values of labels.
    private static final List<String> VALUES =
            List.of("", "a", "A", "a.b", "a-b", "a_b", "any", "in", "not", "0", "80", "LOCAL");

    /// What may be anywhere that takes any text.
    private static final List<String> TEXTS =
            List.of(
                    "a",
                    "b",
                    "a b",
                    "a, b",
                    "\"",
                    "\"a\"",
                    "\\\"",
                    "\" path \"",
                    "a\" host \"b",
                    "[]",
                    "{}",
                    " | ",
                    " + ",
                    "; ",
                    "=",
                    "\"=\"",
                    " empty",
                    " in \"a\"",
                    " priority 0",
                    " except [10.0.0.0/8]",
                    ", otherwise nobody",
                    "…",
                    "é");

    /// Two places, `ONE` and `TWO`, and the words that may be there.
    static Stream<Arguments> places() {
        return Stream.of(
                places(NAMES, VALUES, "endpointSelector: {matchLabels: {ONE: TWO}}\ningress: [{}]"),
                places(VALUES, VALUES, entry("{fromEndpoints: [{matchLabels: {a: ONE, b: TWO}}]}")),
                places(
                        VALUES.subList(1, VALUES.size()),
                        VALUES.subList(1, VALUES.size()),
                        entry(
                                """
                                {fromEndpoints: [{matchExpressions: [
                                  {key: ONE, operator: NotIn, values: [TWO, zz]}]}]}""")),
                places(
                        NAMES,
                        VALUES,
                        entry(
                                """
                                {fromCIDRSet: [{cidrGroupSelector: {matchExpressions: [
                                  {key: ONE, operator: In, values: [TWO, zz]},
                                  {key: ONE, operator: In, values: [yy, zz]}]}}]}""")),
                places(
                        TEXTS,
                        NAMES,
                        entry("{fromCIDRSet: [{cidrGroupRef: ONE}, {cidrGroupRef: 'x TWO'}]}")),
                places(
                        NAMES,
                        List.of("TCP", "UDP", "SCTP"),
                        entry("{toPorts: [{ports: [{port: ONE, protocol: TWO}]}]}")),
                places(
                        TEXTS,
                        TEXTS,
                        "endpointSelector: {}\negress: [{toServices: [{k8sService: {serviceName: ONE, namespace: TWO}}]}]"),
                places(
                        NAMES,
                        TEXTS,
                        """
                        endpointSelector: {}
                        egress:
                        - toServices:
                          - k8sServiceSelector: {selector: {matchLabels: {app: ONE}}, namespace: TWO}
                        """),
                places(
                        TEXTS,
                        TEXTS,
                        entry("{fromGroups: [{aws: {securityGroupsIds: [ONE], region: TWO}}]}")),
                places(TEXTS, TEXTS, http("{path: ONE, host: TWO}")),
                places(TEXTS, TEXTS, http("{path: x, method: ONE, headers: ['h: TWO']}")),
                places(TEXTS, TEXTS, http("{headerMatches: [{name: ONE, value: TWO}]}")),
                places(
                        TEXTS,
                        TEXTS,
                        http("{headerMatches: [{name: ONE, value: TWO, mismatch: LOG}]}")),
                places(
                        TEXTS,
                        TEXTS,
                        egress(
                                "{ports: [{port: '443', protocol: TCP}], serverNames: [ONE, 'x TWO']}")),
                places(
                        TEXTS,
                        TEXTS,
                        egress(
                                """
                                {ports: [{port: '443', protocol: TCP}],
                                 originatingTLS: {secret: {name: ONE}, trustedCA: TWO}}""")),
                places(
                        TEXTS,
                        TEXTS,
                        egress(
                                """
                                {ports: [{port: '443', protocol: TCP}],
                                 listener: {name: ONE, envoyConfig: {name: TWO}}}""")),
                places(TEXTS, TEXTS, entry("{fromEntities: [host], unknown: {ONE: TWO}}")),
                places(TEXTS, TEXTS, "endpointSelector: {}\nunknown: {ONE: TWO}"),
                places(TEXTS, TEXTS, entry("{fromEntities: [ONE, 'x TWO']}")));
    }

    private static Arguments places(List<String> one, List<String> two, String spec) {
        return Arguments.of(spec, one, two);
    }

    private static String entry(String entry) {
        return "endpointSelector: {}\ningress: [" + entry + "]";
    }

    private static String http(String rule) {
        return entry(
                "{toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {http: ["
                        + rule
                        + "]}}]}");
    }

    private static String egress(String portRule) {
        return "endpointSelector: {}\negress: [{toEntities: [world], toPorts: [" + portRule + "]}]";
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("places")
    void differentWordsMakeDifferentPolicies(String spec, List<String> one, List<String> two) {
        var seen = new HashMap<Digest, List<String>>();
        for (var first : one) {
            for (var second : two) {
                var meaning = meaning(spec, Map.of("ONE", first, "TWO", second));

                var before = seen.put(meaning.digest(), List.of(first, second));

                assertThat(before).as("like %s and %s: %s", first, second, meaning).isNull();
            }
        }
    }

    @Test
    void aPortThatIsNamedAnyIsNotEveryPort() {
        var named = Policies.withSpec(entry("{toPorts: [{ports: [{port: any, protocol: TCP}]}]}"));
        var every = Policies.withSpec(entry("{toPorts: [{ports: [{port: '0', protocol: TCP}]}]}"));

        assertThat(named.meaning().asWritten()).isEmpty();
        assertThat(named.meaning()).isNotEqualTo(every.meaning());
        assertThat(named.meaning().statements())
                .doesNotContainAnyElementsOf(
                        every.meaning().statements().stream()
                                .filter(it -> it.reach().isPresent())
                                .toList());
    }

    private static Meaning meaning(String spec, Map<String, String> words) {
        var object = JsonNodeFactory.instance.objectNode();
        object.set("spec", with(Yaml.read(spec), words));
        return Policies.read(Policies.KEY, object).meaning();
    }

    private static JsonNode with(JsonNode node, Map<String, String> words) {
        return switch (node) {
            case ObjectNode object -> {
                var copy = JsonNodeFactory.instance.objectNode();
                object.properties()
                        .forEach(
                                it ->
                                        copy.set(
                                                with(it.getKey(), words),
                                                with(it.getValue(), words)));
                yield copy;
            }
            case ArrayNode array -> {
                var copy = JsonNodeFactory.instance.arrayNode();
                array.forEach(it -> copy.add(with(it, words)));
                yield copy;
            }
            case TextNode text -> TextNode.valueOf(with(text.textValue(), words));
            default -> node;
        };
    }

    private static String with(String text, Map<String, String> words) {
        var replaced = text;
        for (var word : words.entrySet()) {
            replaced = replaced.replace(word.getKey(), word.getValue());
        }
        return replaced;
    }
}
