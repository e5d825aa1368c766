package mesh.lockstep.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mesh.lockstep.difference.Difference;
import mesh.lockstep.difference.Difference.Changed;
import mesh.lockstep.difference.Difference.OnlyHere;
import mesh.lockstep.difference.Difference.OnlyThere;
import mesh.lockstep.difference.Difference.Reordered;
import mesh.lockstep.difference.Differences;
import mesh.lockstep.policy.Clean;

/// Differences as lines of a refusal: ` ingress[0].toPorts[0].port here 80 cluster1 8080`, in
/// columns.
///
/// @param here what the policy is called that is judged
/// @param peer whose policy is compared
/// @param atMost lines of differences
public record DifferenceTable(String here, String peer, Disclosure disclosure, int atMost) {

    private static final int MAX_PATH = 100;
    private static final int MAX_VALUE = 60;

    /// One for each, then how many more there are.
    public List<String> lines(Differences differences) {
        var shown = differences.places().stream().limit(atMost).toList();
        var pathWidth = shown.stream().mapToInt(each -> path(each).length()).max().orElse(0);
        var hereWidth = shown.stream().mapToInt(each -> here(each).length()).max().orElse(0);
        var lines = new ArrayList<String>();
        for (var difference : shown) {
            lines.add(
                    switch (disclosure) {
                        case PATHS -> "  " + path(difference);
                        case VALUES ->
                                "  %s   %s: %s   %s: %s"
                                        .formatted(
                                                padded(path(difference), pathWidth),
                                                here,
                                                padded(here(difference), hereWidth),
                                                peer,
                                                there(difference));
                    });
        }
        rest(differences, differences.count() - shown.size()).ifPresent(lines::add);
        return lines;
    }

    /// In what else the two part, apart from their rules; none if in nothing.
    public List<String> beside(Differences differences, List<Changed> beside) {
        var lines = new ArrayList<String>();
        if (!beside.isEmpty()) {
            lines.add(
                    differences.isNone()
                            ? "The rules are the same. Outside the rules:"
                            : "Outside the rules:");
            lines.addAll(lines(new Differences(List.copyOf(beside), 0, true)));
        }
        return lines;
    }

    private static Optional<String> rest(Differences differences, int more) {
        if (!differences.complete()) {
            return Optional.of(
                    differences.places().isEmpty()
                            ? "  (too large to show where)"
                            : "  and in many more places: too large to show all");
        }
        return more > 0 ? Optional.of("  and " + more + " more") : Optional.empty();
    }

    /// One difference for programs, without columns.
    String sentence(Difference difference) {
        return switch (disclosure) {
            case PATHS -> "differs from " + peer;
            case VALUES -> here + ": " + here(difference) + ", " + peer + ": " + there(difference);
        };
    }

    static String path(Difference difference) {
        return Clean.line(difference.path(), MAX_PATH);
    }

    private static String here(Difference difference) {
        return switch (difference) {
            case OnlyHere(_, var here) -> value(here);
            case Changed(_, var here, _) -> value(here);
            case OnlyThere _ -> "not set";
            case Reordered _ -> "in this order";
        };
    }

    private static String there(Difference difference) {
        return switch (difference) {
            case OnlyHere _ -> "not set";
            case Changed(_, _, var there) -> value(there);
            case OnlyThere(_, var there) -> value(there);
            case Reordered _ -> "the same in another order, or not equally often";
        };
    }

    private static String value(String value) {
        return value.isEmpty() ? "\"\"" : Clean.line(value, MAX_VALUE);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
