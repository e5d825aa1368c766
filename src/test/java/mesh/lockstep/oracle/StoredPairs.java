package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import mesh.lockstep.oracle.Answer.Verdict;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Yaml;

/// Pairs with the oracle's verdicts, a line each: `src/test/resources/oracle/*.jsonl`.
final class StoredPairs {

    static final Path FOLDER = Path.of("src/test/resources/oracle");

    /// Drawn by [Pair#random].
    static final Path RANDOM = FOLDER.resolve("random.jsonl");

    /// Made apart from this generator, by another program: single changes, and spellings of one.
    static final Path MUTATED = FOLDER.resolve("mutated.jsonl");

    /// Drawn by [RandomMeetings#pair].
    static final Path MEETINGS = FOLDER.resolve("meetings.jsonl");

    /// Drawn by [RandomNestings#pair].
    static final Path NESTINGS = FOLDER.resolve("nestings.jsonl");

    private StoredPairs() {}

    /// @param enforced see [Answer]
    /// @param pruned see [Answer]
    record Stored(Pair pair, Verdict verdict, boolean enforced, boolean pruned) {

        static Stored of(Pair pair, Answer answer) {
            return new Stored(pair, answer.verdict(), answer.enforced(), answer.pruned());
        }

        Answer answer() {
            return new Answer(verdict, "", enforced, pruned);
        }

        private JsonNode line() {
            var line = JsonNodeFactory.instance.objectNode();
            line.put("id", pair.id()).put("verdict", verdict.word());
            if (!enforced) {
                line.put("stored", false);
            }
            if (pruned) {
                line.put("pruned", true);
            }
            line.put("how", pair.how());
            line.set("a", pair.a());
            line.set("b", pair.b());
            return line;
        }

        private static Stored of(JsonNode line) {
            if (line.get("a") instanceof ObjectNode a && line.get("b") instanceof ObjectNode b) {
                var id = line.path("id").asText();
                return new Stored(
                        new Pair(id, line.path("how").asText(), a, b),
                        Verdict.of(line.path("verdict").asText()),
                        line.path("stored").asBoolean(true),
                        line.path("pruned").asBoolean());
            }
            throw new IllegalArgumentException("a pair lacks a policy");
        }
    }

    /// @throws IllegalArgumentException for a line that cannot be read, with its number
    static List<Stored> read(Path file) {
        try {
            var lines = Files.readAllLines(file);
            return IntStream.range(0, lines.size())
                    .mapToObj(it -> read(file, it + 1, lines.get(it)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stored read(Path file, int number, String line) {
        try {
            return Stored.of(StrictJson.read(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ", line " + number, e);
        }
    }

    static void write(Path file, List<Stored> pairs) {
        try {
            Files.write(
                    file,
                    pairs.stream()
                            .map(it -> new String(Yaml.json(it.line()), StandardCharsets.UTF_8))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
