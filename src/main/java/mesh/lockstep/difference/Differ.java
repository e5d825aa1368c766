package mesh.lockstep.difference;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import mesh.lockstep.difference.Difference.Reordered;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Oversize;
import mesh.lockstep.policy.Policy;

/// Finds where two policies part, in the words of their manifests.
///
/// The texts are compared first. Those differences are kept that, changed to the peer's side, make
/// the manifest here mean what the other means; whatever can be left out of that changes no meaning
/// and is not shown.
public final class Differ {

    /// Nodes and pieces of text that are compared.
    private static final long COMPARING = 2_000_000;

    /// Nodes of trees read on trial: a policy of 10 KB hundreds of times, one of 1 MB a few times.
    private static final long READING = 250_000;

    /// Nodes of two policies that take some memory to compare: 100 KB of JSON or more.
    private static final int LARGE = 10_000;

    /// How many such comparisons at once. A request without a place does not wait: that the two
    /// differ is known.
    private static final Semaphore PLACES = new Semaphore(2);

    private final Policy here;
    private final Policy there;
    private final Trial trial;
    private final Budget comparing;

    private Differ(Policy here, Policy there, Deadline deadline) {
        this.here = here;
        this.there = there;
        this.trial = new Trial(here, there, new Budget(READING, deadline));
        this.comparing = new Budget(COMPARING, deadline);
    }

    /// The differences in the order of the manifest that is judged; none when, and only when, the
    /// meanings are equal. Where the clusters read the same text in two ways, the statements that
    /// only one of the two makes.
    ///
    /// @param deadline after which no more are looked for; small policies are compared all the same
    public static Differences between(Policy here, Policy there, Deadline deadline) {
        if (here.meaning().equals(there.meaning())) {
            return Differences.NONE;
        }
        if (isOversize(here) || isOversize(there)) {
            return Differences.TOO_LARGE;
        }
        if (nodes(here) + nodes(there) < LARGE) {
            return new Differ(here, there, deadline).differences();
        }
        if (!PLACES.tryAcquire()) {
            return Differences.TOO_LARGE;
        }
        try {
            return new Differ(here, there, deadline).differences();
        } finally {
            PLACES.release();
        }
    }

    private static long nodes(Policy policy) {
        return policy.spec().rules().stream().mapToLong(rule -> Trial.size(rule.tree())).sum();
    }

    private Differences differences() {
        var comparison = compared(false);
        var explained = explained(comparison);
        if (explained.isPresent()) {
            return explained.get();
        }
        var readAlike = here.spec().reading().equals(there.spec().reading());
        return readAlike ? bySpelling() : asRead(comparison);
    }

    private Comparison compared(boolean bySpelling) {
        return new Comparison(here.spec(), there.spec(), trial, comparing, bySpelling);
    }

    /// The places where the texts part; empty where the two still differ with all of them settled.
    private Optional<Differences> explained(Comparison comparison) {
        var all = all(comparison);
        if (comparison.isCutShort()) {
            return Optional.of(Differences.of(comparison.choices().differences(all), false));
        }
        if (all.isEmpty()) {
            return Optional.empty();
        }
        var settling = new Settling(comparison, trial);
        var before = settling.meaning(new BitSet());
        var settled = settling.meaning(all);
        if (before.isEmpty() || settled.isEmpty()) {
            return Optional.of(places(comparison, all));
        }
        if (settled.equals(before)) {
            // As written, order is all that differs, and there it counts.
            return isAsWritten() ? Optional.of(places(comparison, all)) : Optional.empty();
        }
        return isAsWritten() || settled.get().equals(there.meaning())
                ? Optional.of(places(comparison, settling.smallest(all, settled.get())))
                : Optional.empty();
    }

    private static BitSet all(Comparison comparison) {
        var all = new BitSet();
        all.set(0, comparison.choices().count());
        return all;
    }

    private static Differences places(Comparison comparison, BitSet choices) {
        return Differences.of(comparison.choices().differences(choices), true);
    }

    /// Where elements that mean the same by themselves make the difference together. What is not in
    /// their texts is how often they are there, and in which order.
    private Differences bySpelling() {
        var comparison = compared(true);
        var explained = explained(comparison);
        if (explained.isPresent()) {
            return explained.get();
        }
        var places = comparison.choices().differences(all(comparison));
        places.add(() -> new Reordered("spec"));
        return Differences.of(places, true);
    }

    /// The clusters read the same words in two ways, so what they make of them is shown.
    private Differences asRead(Comparison comparison) {
        var all = all(comparison);
        var settling = new Settling(comparison, trial);
        var before = settling.meaning(new BitSet()).orElse(here.meaning());
        var settled = settling.meaning(all).orElse(here.meaning());
        var differences = new ArrayList<Supplier<Difference>>();
        if (!settled.equals(before)) {
            var smallest = settling.smallest(all, settled);
            differences.addAll(comparison.choices().differences(smallest));
        }
        differences.addAll(StatementDifferences.of(settled, there.meaning()));
        return Differences.of(differences, !differences.isEmpty());
    }

    private static boolean isOversize(Policy policy) {
        return policy.spec().rules().stream().anyMatch(rule -> rule.written() instanceof Oversize);
    }

    private boolean isAsWritten() {
        return here.meaning().asWritten().isPresent() || there.meaning().asWritten().isPresent();
    }
}
