package mesh.lockstep.difference;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
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
    private final Comparison comparison;
    private final Settling settling;

    private Differ(Policy here, Policy there, Deadline deadline) {
        this.here = here;
        this.there = there;
        var trial = new Trial(here, there, new Budget(READING, deadline));
        this.comparison =
                new Comparison(here.spec(), there.spec(), trial, new Budget(COMPARING, deadline));
        this.settling = new Settling(comparison, trial);
    }

    /// The differences in the order of the manifest that is judged; none when, and only when, the
    /// meanings are equal. Where the manifests explain nothing, the statements that only one of the
    /// two makes.
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
        return policy.spec().rules().stream().mapToLong(it -> Trial.size(it.tree())).sum();
    }

    private Differences differences() {
        var all = new BitSet();
        all.set(0, comparison.choices().count());
        if (comparison.isCutShort()) {
            return Differences.of(comparison.choices().differences(all), false);
        }
        var before = settling.meaning(new BitSet());
        var settled = settling.meaning(all);
        var differences = new ArrayList<Supplier<Difference>>();
        if (before.isEmpty() || settled.isEmpty()) {
            differences.addAll(comparison.choices().differences(all));
        } else if (!settled.equals(before)) {
            var smallest = settling.smallest(all, settled.get());
            differences.addAll(comparison.choices().differences(smallest));
        } else if (isAsWritten()) {
            // Order is all that differs, and there it counts.
            differences.addAll(comparison.choices().differences(all));
        }
        if (differences.isEmpty()) {
            differences.addAll(StatementDifferences.of(here.meaning(), there.meaning()));
        } else if (!isAsWritten()) {
            // What is left is in no text: the clusters read the same words in two ways.
            settled.ifPresent(
                    it -> differences.addAll(StatementDifferences.of(it, there.meaning())));
        }
        // That they differ is known, whatever is found.
        return Differences.of(differences, !differences.isEmpty());
    }

    private static boolean isOversize(Policy policy) {
        return policy.spec().rules().stream().anyMatch(it -> it.written() instanceof Oversize);
    }

    private boolean isAsWritten() {
        return here.meaning().asWritten().isPresent() || there.meaning().asWritten().isPresent();
    }
}
