package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import mesh.lockstep.policy.Difference.Changed;
import mesh.lockstep.policy.Difference.OnlyHere;
import mesh.lockstep.policy.Difference.OnlyThere;
import mesh.lockstep.policy.Merge.Choice;

/// The differences that two texts have, numbered in the order of the manifest here.
final class Choices {

    private final List<Difference> differences = new ArrayList<>();
    private final TreeMap<Integer, Whole> wholes = new TreeMap<>();

    /// Choices that together are one difference.
    ///
    /// @param end the number after the last of them
    private record Whole(int end, Difference difference) {}

    int count() {
        return differences.size();
    }

    Merge changed(Element here, Element there) {
        differences.add(new Changed(here.place(), here.shown(), there.shown()));
        return choice(here.tree(), there.tree());
    }

    Merge onlyHere(Element here) {
        differences.add(new OnlyHere(here.place(), here.shown()));
        return choice(here.tree(), MissingNode.getInstance());
    }

    Merge onlyThere(Element there) {
        differences.add(new OnlyThere(there.place(), there.shown()));
        return choice(MissingNode.getInstance(), there.tree());
    }

    private Merge choice(JsonNode here, JsonNode there) {
        return new Choice(differences.size() - 1, here, there);
    }

    /// All choices from `first` on are parts of one element that is on one side only.
    void group(int first, Element element) {
        var difference =
                differences.get(first) instanceof OnlyHere
                        ? new OnlyHere(element.place(), element.shown())
                        : new OnlyThere(element.place(), element.shown());
        wholes.put(first, new Whole(count(), difference));
    }

    /// The differences with these numbers, in order.
    List<Difference> differences(BitSet numbers) {
        var chosen = new ArrayList<Difference>();
        int number = numbers.nextSetBit(0);
        while (number >= 0) {
            var whole = wholes.get(number);
            if (whole != null && numbers.nextClearBit(number) >= whole.end()) {
                chosen.add(whole.difference());
                number = numbers.nextSetBit(whole.end());
            } else {
                chosen.add(differences.get(number));
                number = numbers.nextSetBit(number + 1);
            }
        }
        return chosen;
    }
}
