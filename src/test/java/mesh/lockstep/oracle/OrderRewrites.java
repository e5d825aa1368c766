package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/// Order and duplicates.
final class OrderRewrites {

    static final List<Rewrite> ALL =
            List.of(
                    new Rewrite("shuffled", OrderRewrites::shuffle),
                    new Rewrite("duplicated", OrderRewrites::duplicate));

    /// The API server refuses duplicates in the first; in the second order may matter.
    private static final Set<String> PARTICULAR = Set.of("serverNames", "headerMatches");

    private OrderRewrites() {}

    /// Shuffles all lists except those of header matches, which may be ordered.
    static boolean shuffle(ObjectNode policy, Dice dice) {
        var shuffled = false;
        for (var place : Place.all(policy)) {
            if (place.value() instanceof ArrayNode list
                    && list.size() > 1
                    && !place.field().equals("headerMatches")) {
                var elements =
                        dice.shuffled(StreamSupport.stream(list.spliterator(), false).toList());
                list.removeAll();
                list.addAll(elements);
                shuffled = true;
            }
        }
        return shuffled;
    }

    private static boolean duplicate(ObjectNode policy, Dice dice) {
        var lists =
                Place.all(
                        policy,
                        it ->
                                it.value() instanceof ArrayNode list
                                        && !list.isEmpty()
                                        && !PARTICULAR.contains(it.field()));
        if (lists.isEmpty()) {
            return false;
        }
        var list = (ArrayNode) dice.one(lists).value();
        list.insert(dice.below(list.size() + 1), list.get(dice.below(list.size())).deepCopy());
        return true;
    }
}
