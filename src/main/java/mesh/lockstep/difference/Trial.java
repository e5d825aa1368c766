package mesh.lockstep.difference;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.Spec;

/// Reads what a manifest would mean if it were another, as often as its budget allows.
final class Trial {

    private final Function<List<JsonNode>, Meaning> reading;
    private final Budget budget;

    /// @param budget a step for each node of the trees read
    Trial(Function<List<JsonNode>, Meaning> reading, Budget budget) {
        this.reading = reading;
        this.budget = budget;
    }

    /// What these rules would mean; empty where the budget is used up. For what is compared as
    /// written, order and repetition are left out, or else all lists of such a policy would be
    /// differences.
    ///
    /// @param work steps that it takes to make the rules, besides their size
    /// @param rules made only if they are read
    Optional<Meaning> meaning(long work, Supplier<List<JsonNode>> rules) {
        if (!budget.spend(work)) {
            return Optional.empty();
        }
        var made = rules.get();
        return budget.spend(made.stream().mapToLong(Trial::size).sum())
                ? Optional.of(unordered(made, reading.apply(made)))
                : Optional.empty();
    }

    private static Meaning unordered(List<JsonNode> rules, Meaning meaning) {
        return meaning.asWritten()
                .map(reason -> Meaning.asWritten(unordered(rules), reason))
                .orElse(meaning);
    }

    private static String unordered(List<JsonNode> rules) {
        var texts = new TreeSet<String>();
        rules.forEach(rule -> texts.add(CanonicalJson.unordered(Spec.withoutIgnored(rule))));
        return texts.toString();
    }

    /// Nodes of a tree.
    static long size(JsonNode node) {
        long size = 1;
        for (var child : node) {
            size += size(child);
        }
        return size;
    }
}
