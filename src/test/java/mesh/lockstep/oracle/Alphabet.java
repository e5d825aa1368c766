package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import mesh.lockstep.support.Yaml;

/// What random policies are spelled with: `src/test/resources/oracle/alphabet.yaml`.
final class Alphabet {

    private static final Map<String, List<List<JsonNode>>> CLASSES = load();

    /// Fields that share an alphabet with another.
    private static final Map<String, String> ALIASES =
            Map.ofEntries(
                    Map.entry("fromCIDR", "cidr"),
                    Map.entry("toCIDR", "cidr"),
                    Map.entry("except", "cidr"),
                    Map.entry("fromEntities", "entities"),
                    Map.entry("toEntities", "entities"),
                    Map.entry("matchLabels", "values"),
                    Map.entry("labels", "values"),
                    Map.entry("enableDefaultDeny", "flag"),
                    Map.entry("name", "secret"));

    private Alphabet() {}

    /// Any spelling of anything.
    static JsonNode any(String field, Dice dice) {
        return dice.one(dice.one(classes(field))).deepCopy();
    }

    static String text(String field, Dice dice) {
        return any(field, dice).asText();
    }

    /// Something else; empty where there is nothing else to say in this field.
    static Optional<JsonNode> other(String field, JsonNode than, Dice dice) {
        var others =
                of(field).stream().flatMap(List::stream).filter(it -> !it.equals(than)).toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(dice.one(others).deepCopy());
    }

    /// Another spelling of it; empty where there is none.
    static Optional<JsonNode> respelled(String field, JsonNode what, Dice dice) {
        var others =
                of(field).stream()
                        .filter(it -> it.contains(what))
                        .flatMap(List::stream)
                        .filter(it -> !it.equals(what))
                        .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(dice.one(others).deepCopy());
    }

    private static List<List<JsonNode>> classes(String field) {
        var classes = of(field);
        if (classes.isEmpty()) {
            throw new IllegalArgumentException("alphabet.yaml has nothing for " + field);
        }
        return classes;
    }

    private static List<List<JsonNode>> of(String field) {
        return CLASSES.getOrDefault(ALIASES.getOrDefault(field, field), List.of());
    }

    private static Map<String, List<List<JsonNode>>> load() {
        var file = Yaml.read(Path.of("src/test/resources/oracle/alphabet.yaml"));
        return file.properties().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                Map.Entry::getKey,
                                field -> elements(field.getValue()).map(Alphabet::list).toList()));
    }

    private static List<JsonNode> list(JsonNode array) {
        return elements(array).toList();
    }

    private static java.util.stream.Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
