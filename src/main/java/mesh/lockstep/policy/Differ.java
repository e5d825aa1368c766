package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mesh.lockstep.policy.Difference.OnlyHere;
import mesh.lockstep.policy.Difference.OnlyThere;

/// Finds where two policies part, in the words of their manifests.
///
/// The texts are compared first. Of their differences those are kept that, settled as there, make
/// the manifest here mean what the other means; what can be left out of that changes no meaning and
/// is not shown.
public final class Differ {

    /// Statements that are told apart, peer by peer, where the texts explain nothing.
    private static final int MAX_STATEMENTS = 10_000;

    private final Policy here;
    private final Policy there;
    private final Trial trial;
    private final Comparison comparison;

    private Differ(Policy here, Policy there) {
        this.here = here;
        this.there = there;
        this.trial = new Trial(here.spec().reading());
        this.comparison = new Comparison(here.spec(), there.spec(), trial);
    }

    /// The differences in the order of the manifest that is judged; empty when, and only when, the
    /// meanings are equal. Where the manifests explain nothing, the statements that only one of the
    /// two makes.
    public static List<Difference> between(Policy here, Policy there) {
        if (here.meaning().equals(there.meaning())) {
            return List.of();
        }
        return new Differ(here, there).differences();
    }

    private List<Difference> differences() {
        var all = new BitSet();
        all.set(0, comparison.choices().count());
        var before = meaning(new BitSet());
        var settled = meaning(all);
        var differences = new ArrayList<Difference>();
        if (before.isEmpty() || settled.isEmpty()) {
            differences.addAll(comparison.choices().differences(all));
        } else if (!settled.equals(before)) {
            var smallest = smallest(all, settled.get());
            differences.addAll(comparison.choices().differences(smallest));
        } else if (isAsWritten()) {
            // Order is all that differs, and there it counts.
            differences.addAll(comparison.choices().differences(all));
        }
        if (differences.isEmpty()) {
            return statements(here.meaning(), there.meaning());
        }
        if (!isAsWritten()) {
            // What is left is in no text: the clusters read the same words in two ways.
            settled.ifPresent(it -> differences.addAll(statements(it, there.meaning())));
        }
        return List.copyOf(differences);
    }

    private boolean isAsWritten() {
        return here.meaning().asWritten().isPresent() || there.meaning().asWritten().isPresent();
    }

    private Optional<Meaning> meaning(BitSet settled) {
        var rules = new ArrayList<JsonNode>();
        comparison.rules().with(settled).forEach(rules::add);
        return trial.meaning(rules);
    }

    /// Leaves out halves, quarters, and so on, as long as the rest has the same effect.
    private BitSet smallest(BitSet all, Meaning effect) {
        var smallest = all;
        for (int size = all.length() / 2; size > 0; size /= 2) {
            for (int from = 0; from < all.length(); from += size) {
                var fewer = (BitSet) smallest.clone();
                fewer.clear(from, from + size);
                if (!fewer.equals(smallest) && meaning(fewer).filter(effect::equals).isPresent()) {
                    smallest = fewer;
                }
            }
        }
        return smallest;
    }

    private static List<Difference> statements(Meaning here, Meaning there) {
        var ours = without(here, there);
        var theirs = without(there, here);
        if (work(ours) + work(theirs) <= MAX_STATEMENTS) {
            ours = singly(ours);
            theirs = singly(theirs);
        }
        var differences = new ArrayList<Difference>();
        for (var statement : ours) {
            if (!theirs.contains(statement)) {
                differences.add(new OnlyHere("spec", statement.text()));
            }
        }
        for (var statement : theirs) {
            if (!ours.contains(statement)) {
                differences.add(new OnlyThere("spec", statement.text()));
            }
        }
        return differences;
    }

    private static Set<Statement> without(Meaning meaning, Meaning other) {
        var rest = new TreeSet<>(meaning.statements());
        rest.removeAll(other.statements());
        return rest;
    }

    private static long work(Set<Statement> statements) {
        return statements.stream()
                .flatMap(it -> it.reach().stream())
                .mapToLong(it -> (long) it.peers().size() * it.traffic().size())
                .sum();
    }

    /// One peer and one kind of traffic at a time.
    private static Set<Statement> singly(Set<Statement> statements) {
        return statements.stream()
                .flatMap(Statement::singly)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
