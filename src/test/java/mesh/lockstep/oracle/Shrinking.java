package mesh.lockstep.oracle;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// Takes out of two policies what their disagreement does not need.
final class Shrinking {

    private static final int ENOUGH = 2000; // questions

    private final Oracle oracle;
    private final Tally tally;
    private int asked;

    Shrinking(Oracle oracle, Tally tally) {
        this.oracle = oracle;
        this.tally = tally;
    }

    Tally.Case smallest(Tally.Case found) {
        var smallest = found;
        var smaller = true;
        while (smaller && asked < ENOUGH) {
            smaller = false;
            for (var candidate : candidates(smallest.pair())) {
                var answer = oracle.ask(candidate);
                asked++;
                if (tally.outcome(candidate, answer) == found.outcome()) {
                    smallest = new Tally.Case(candidate, answer, found.outcome());
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    /// What can be taken out of both, of one, or of the other; large parts first.
    private static List<Pair> candidates(Pair pair) {
        var candidates = new ArrayList<Pair>();
        for (var pointer : pointers(pair.a())) {
            var a = without(pair.a(), pointer);
            if (!pair.b().at(pointer).isMissingNode()) {
                candidates.add(new Pair(pair.id(), pair.how(), a, without(pair.b(), pointer)));
            }
            candidates.add(new Pair(pair.id(), pair.how(), a, pair.b()));
        }
        for (var pointer : pointers(pair.b())) {
            candidates.add(new Pair(pair.id(), pair.how(), pair.a(), without(pair.b(), pointer)));
        }
        return candidates;
    }

    private static ObjectNode without(ObjectNode policy, JsonPointer pointer) {
        var copy = policy.deepCopy();
        var parent = copy.at(pointer.head());
        if (parent instanceof ArrayNode list) {
            list.remove(pointer.last().getMatchingIndex());
        } else if (parent instanceof ObjectNode object) {
            object.remove(pointer.last().getMatchingProperty());
        }
        return copy;
    }

    private static List<JsonPointer> pointers(JsonNode root) {
        var pointers = new ArrayList<JsonPointer>();
        var level = List.of(JsonPointer.empty());
        while (!level.isEmpty()) {
            var next = new ArrayList<JsonPointer>();
            for (var pointer : level) {
                var node = root.at(pointer);
                for (var i = 0; node.isArray() && i < node.size(); i++) {
                    next.add(pointer.appendIndex(i));
                }
                node.properties().forEach(it -> next.add(pointer.appendProperty(it.getKey())));
            }
            next.removeIf(it -> it.toString().equals("/ccnp"));
            pointers.addAll(next);
            level = next;
        }
        return pointers;
    }
}
