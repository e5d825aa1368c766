package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/// Reads what a manifest would mean if it were another, as often as its budget allows.
final class Trial {

    /// Nodes of trees read, in all: a policy of 10 KB hundreds of times, one of 1 MB a few times.
    private static final int BUDGET = 500_000;

    private final Function<List<JsonNode>, Meaning> reading;
    private int left = BUDGET;

    Trial(Function<List<JsonNode>, Meaning> reading) {
        this.reading = reading;
    }

    /// What these rules would mean; empty where the budget is used up. Of what is compared as
    /// written, order and repetition are left out, lest all lists of such a policy be differences.
    Optional<Meaning> meaning(List<JsonNode> rules) {
        for (var rule : rules) {
            left -= size(rule);
        }
        return left < 0 ? Optional.empty() : Optional.of(unordered(rules, reading.apply(rules)));
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

    private static int size(JsonNode node) {
        int size = 1;
        for (var child : node) {
            size += size(child);
        }
        return size;
    }
}
