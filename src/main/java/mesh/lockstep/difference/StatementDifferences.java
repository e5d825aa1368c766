package mesh.lockstep.difference;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import mesh.lockstep.difference.Difference.OnlyHere;
import mesh.lockstep.difference.Difference.OnlyThere;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.Statement;

/// The statements that only one of two policies makes: their difference where their texts explain
/// nothing.
final class StatementDifferences {

    /// Statements that are told apart, peer by peer.
    private static final int MAX_STATEMENTS = 10_000;

    private StatementDifferences() {}

    static List<Supplier<Difference>> of(Meaning here, Meaning there) {
        var ours = without(here, there);
        var theirs = without(there, here);
        if (work(ours) + work(theirs) <= MAX_STATEMENTS) {
            ours = singly(ours);
            theirs = singly(theirs);
        }
        var differences = new ArrayList<Supplier<Difference>>();
        for (var statement : ours) {
            if (!theirs.contains(statement)) {
                differences.add(() -> new OnlyHere("spec", statement.text()));
            }
        }
        for (var statement : theirs) {
            if (!ours.contains(statement)) {
                differences.add(() -> new OnlyThere("spec", statement.text()));
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
                .flatMap(statement -> statement.reach().stream())
                .mapToLong(reach -> (long) reach.peers().size() * reach.traffic().size())
                .sum();
    }

    /// One peer and one kind of traffic at a time.
    private static Set<Statement> singly(Set<Statement> statements) {
        return statements.stream()
                .flatMap(Statement::singly)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
