package mesh.lockstep.difference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import mesh.lockstep.difference.Difference.Changed;
import mesh.lockstep.difference.Difference.OnlyHere;
import mesh.lockstep.difference.Difference.OnlyThere;
import mesh.lockstep.difference.Difference.Reordered;
import mesh.lockstep.difference.Merge.Choice;
import mesh.lockstep.difference.Merge.Same;

/// The differences that two texts have, numbered in the order of the manifest here. Once the budget
/// is used up there are no new ones: what is compared then may be a part of what is there.
final class Choices {

    private final Budget budget;
    private final List<Supplier<Difference>> differences = new ArrayList<>();
    private final BitSet onlyHere = new BitSet();
    private final BitSet onlyThere = new BitSet();
    private final TreeMap<Integer, Whole> wholes = new TreeMap<>();

    Choices(Budget budget) {
        this.budget = budget;
    }

    /// Choices that together are one difference.
    ///
    /// @param end the number after the last of them
    private record Whole(int end, Supplier<Difference> difference) {}

    int count() {
        return differences.size();
    }

    /// Which of them say that something is only here.
    List<Integer> onlyHere(BitSet numbers) {
        return numbers.stream().filter(onlyHere::get).boxed().toList();
    }

    /// Which of them say that something is only there.
    List<Integer> onlyThere(BitSet numbers) {
        return numbers.stream().filter(onlyThere::get).boxed().toList();
    }

    Merge changed(Element here, Element there) {
        return choice(() -> changed(here.place(), here, there), here.tree(), there.tree());
    }

    /// What reads alike, as a name that is "here" in one of them, or as `"80"` and `80`, is shown
    /// with what makes the difference.
    private static Difference changed(String path, Element here, Element there) {
        var ours = here.shown();
        var theirs = there.shown();
        if (!ours.equals(theirs)) {
            return new Changed(path, ours, theirs);
        }
        return here.isReadOtherwise() || there.isReadOtherwise()
                ? new Changed(path, here.shownAsRead(), there.shownAsRead())
                : new Changed(path, here.json(), there.json());
    }

    /// Lists of the same elements.
    Merge reordered(String path, JsonNode here, JsonNode there) {
        return choice(() -> new Reordered(path), here, there);
    }

    Merge onlyHere(Element here) {
        return choice(
                () -> new OnlyHere(here.place(), here.shown()),
                here.tree(),
                MissingNode.getInstance());
    }

    Merge onlyThere(Element there) {
        return choice(
                () -> new OnlyThere(there.place(), there.shown()),
                MissingNode.getInstance(),
                there.tree());
    }

    private Merge choice(Supplier<Difference> difference, JsonNode here, JsonNode there) {
        if (!budget.spend(1)) {
            return new Same(here);
        }
        onlyHere.set(differences.size(), there.isMissingNode());
        onlyThere.set(differences.size(), here.isMissingNode());
        differences.add(difference);
        return new Choice(differences.size() - 1, here, there);
    }

    /// All choices from `first` on are parts of one element that is on one side only.
    void group(int first, Element element) {
        if (first == count()) {
            return;
        }
        Supplier<Difference> difference =
                differences.get(first).get() instanceof OnlyHere
                        ? () -> new OnlyHere(element.place(), element.shown())
                        : () -> new OnlyThere(element.place(), element.shown());
        wholes.put(first, new Whole(count(), difference));
    }

    /// The differences with these numbers, in order.
    List<Supplier<Difference>> differences(BitSet numbers) {
        var chosen = new ArrayList<Supplier<Difference>>();
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
