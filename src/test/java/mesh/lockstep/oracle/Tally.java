package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import mesh.lockstep.oracle.Answer.Outcome;
import mesh.lockstep.support.Yaml;

/// The counts of a run, and its disagreements.
final class Tally {

    /// A pair on which we and the oracle do not agree.
    record Case(Pair pair, Answer answer, Outcome outcome) {

        ObjectNode line() {
            var line = JsonNodeFactory.instance.objectNode();
            line.put("outcome", outcome.words()).put("verdict", answer.verdict().word());
            line.put("reason", answer.reason()).put("how", pair.how());
            return line.setAll(pair.question());
        }
    }

    private static final int KEPT = 50;

    private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    private final List<Case> disagreements = new ArrayList<>();
    private final List<Case> beyond = new ArrayList<>();
    private final Predicate<Pair> isExplained;
    private int pairs;

    Tally() {
        this(Pair::differOnlyAsWritten);
    }

    /// @param isExplained whether docs/equality.md says that a pair is different to us though
    ///   Cilium makes the same of both
    Tally(Predicate<Pair> isExplained) {
        this.isExplained = isExplained;
    }

    /// How our word on a pair and the oracle's fit.
    Outcome outcome(Pair pair, Answer answer) {
        var outcome = answer.against(pair.same());
        return outcome == Outcome.FALSE_DIFFERENCE && isExplained.test(pair)
                ? Outcome.AS_WRITTEN
                : outcome;
    }

    void add(Pair pair, Answer answer) {
        var outcome = outcome(pair, answer);
        pairs++;
        counts.merge(outcome, 1, Integer::sum);
        var found = List.of(new Case(pair, answer, outcome));
        if (outcome.disagreement()) {
            keep(found, disagreements);
        } else if (outcome == Outcome.BEYOND) {
            keep(found, beyond);
        }
    }

    void add(Tally other) {
        pairs += other.pairs;
        other.counts.forEach((outcome, count) -> counts.merge(outcome, count, Integer::sum));
        keep(other.disagreements, disagreements);
        keep(other.beyond, beyond);
    }

    private static void keep(List<Case> found, List<Case> kept) {
        found.stream().limit(KEPT - kept.size()).forEach(kept::add);
    }

    int pairs() {
        return pairs;
    }

    int count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0);
    }

    List<Case> disagreements() {
        return disagreements;
    }

    /// The first pairs that only we take for the same, to be looked at.
    List<Case> beyond() {
        return beyond;
    }

    /// `100000 pairs: 81234 agreements, 0 false differences, …`
    @Override
    public String toString() {
        return pairs
                + " pairs: "
                + List.of(Outcome.values()).stream()
                        .map(it -> count(it) + " " + it.words())
                        .collect(Collectors.joining(", "));
    }

    /// A case a line.
    static void write(Path file, List<Case> cases) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (BufferedWriter writer = Files.newBufferedWriter(file)) {
                for (var one : cases) {
                    writer.write(new String(Yaml.json(one.line()), StandardCharsets.UTF_8));
                    writer.newLine();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
