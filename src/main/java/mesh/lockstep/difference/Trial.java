package mesh.lockstep.difference;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mesh.lockstep.policy.AsWritten;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Spec;

/// Reads what a manifest would mean if it were another, as often as its budget allows. What the two
/// policies mean is known already; so is what was read a moment ago, as the only port of an entry
/// makes the same rule as the entry.
final class Trial {

    /// Readings that are remembered.
    private static final int LATELY = 16;

    /// Nodes of the largest of them: a few entries, which cannot mean much.
    private static final int LARGEST = 100;

    private final Function<List<JsonNode>, Meaning> reading;
    private final Budget budget;
    private final List<Read> known = new ArrayList<>();
    private final Deque<Read> lately = new ArrayDeque<>();

    /// What some rules mean.
    ///
    /// @param hash of the rules
    private record Read(List<JsonNode> rules, int hash, Meaning meaning) {

        boolean isOf(List<JsonNode> others, int otherHash) {
            return hash == otherHash && rules.equals(others);
        }
    }

    /// @param here is read as on trial
    /// @param budget a step for each node of the trees read
    Trial(Policy here, Policy there, Budget budget) {
        this.reading = here.spec().reading();
        this.budget = budget;
        for (var policy : List.of(here, there)) {
            if (policy.spec().reading().equals(reading) && policy.meaning().asWritten().isEmpty()) {
                var rules = policy.spec().trees();
                known.add(new Read(rules, rules.hashCode(), policy.meaning()));
            }
        }
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
        var size = made.stream().mapToLong(Trial::size).sum();
        return budget.spend(size) ? Optional.of(meaning(made, size)) : Optional.empty();
    }

    private Meaning meaning(List<JsonNode> rules, long size) {
        var hash = rules.hashCode();
        return Stream.concat(known.stream(), lately.stream())
                .filter(read -> read.isOf(rules, hash))
                .findFirst()
                .map(Read::meaning)
                .orElseGet(() -> read(rules, hash, size));
    }

    private Meaning read(List<JsonNode> rules, int hash, long size) {
        var meaning = unordered(rules, reading.apply(rules));
        if (size <= LARGEST) {
            lately.addFirst(new Read(rules, hash, meaning));
        }
        if (lately.size() > LATELY) {
            lately.removeLast();
        }
        return meaning;
    }

    private static Meaning unordered(List<JsonNode> rules, Meaning meaning) {
        return meaning.written()
                .filter(AsWritten::isWhole)
                .map(why -> Meaning.asWritten(unordered(rules), why))
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
