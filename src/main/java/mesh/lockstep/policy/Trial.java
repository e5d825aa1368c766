package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
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

    /// What these rules would mean; empty where the budget is used up.
    Optional<Meaning> meaning(List<JsonNode> rules) {
        for (var rule : rules) {
            left -= size(rule);
        }
        return left < 0 ? Optional.empty() : Optional.of(reading.apply(rules));
    }

    private static int size(JsonNode node) {
        int size = 1;
        for (var child : node) {
            size += size(child);
        }
        return size;
    }
}
