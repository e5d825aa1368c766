package mesh.lockstep.difference;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Optional;
import mesh.lockstep.policy.Meaning;

/// What the manifest here means when some of its differences are settled as there.
///
/// @param comparison which found the differences
/// @param trial by which the result is read
record Settling(Comparison comparison, Trial trial) {

    /// Pairs that are tried: of four things that only one says with four that only the other says.
    private static final int MOST_PAIRS = 16;

    /// Empty where the budget is used up.
    ///
    /// @param settled numbers of choices
    Optional<Meaning> meaning(BitSet settled) {
        return trial.meaning(
                comparison.choices().count(),
                () -> {
                    var rules = new ArrayList<JsonNode>();
                    comparison.rules().with(settled).forEach(rules::add);
                    return rules;
                });
    }

    /// The fewest that have an effect: leaves out halves, quarters, and so on, as long as the rest
    /// has it, or until the budget is used up. What was needed may not be any more when another is
    /// left out, so single ones are tried until all that are left are needed. What one says in the
    /// place of another is left out with it.
    ///
    /// @param all choices, which have the effect
    BitSet smallest(BitSet all, Meaning effect) {
        var smallest = all;
        for (int size = all.length() / 2; size > 0; ) {
            var fewer = leavingOut(size, smallest, effect);
            size = size == 1 && !fewer.equals(smallest) ? 1 : size / 2;
            smallest = fewer;
        }
        var fewer = withoutAPair(smallest, effect);
        return fewer.equals(smallest) ? smallest : smallest(fewer, effect);
    }

    private BitSet withoutAPair(BitSet choices, Meaning effect) {
        var onlyHere = comparison.choices().onlyHere(choices);
        var onlyThere = comparison.choices().onlyThere(choices);
        if (onlyHere.size() * onlyThere.size() > MOST_PAIRS) {
            return choices;
        }
        for (int here : onlyHere) {
            for (int there : onlyThere) {
                var fewer = (BitSet) choices.clone();
                fewer.clear(here);
                fewer.clear(there);
                if (meaning(fewer).filter(effect::equals).isPresent()) {
                    return fewer;
                }
            }
        }
        return choices;
    }

    /// @param size how many are left out at a time
    private BitSet leavingOut(int size, BitSet choices, Meaning effect) {
        var smallest = choices;
        int next = smallest.nextSetBit(0);
        while (next >= 0) {
            int from = next / size * size;
            var fewer = (BitSet) smallest.clone();
            fewer.clear(from, from + size);
            var meaning = meaning(fewer);
            if (meaning.isEmpty()) {
                return smallest;
            }
            if (meaning.get().equals(effect)) {
                smallest = fewer;
            }
            next = smallest.nextSetBit(from + size);
        }
        return smallest;
    }
}
