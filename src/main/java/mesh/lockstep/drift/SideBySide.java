package mesh.lockstep.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import mesh.lockstep.policy.Differ;
import mesh.lockstep.policy.Difference;
import mesh.lockstep.policy.Difference.Changed;
import mesh.lockstep.policy.Difference.OnlyHere;
import mesh.lockstep.policy.Difference.OnlyThere;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Statement;

/// Where two copies of a policy part: in the words of their manifests, and in what Cilium makes of
/// them.
///
/// @param problem why they could not be compared; empty if they could
/// @param values whether what they say may be shown, and not only where
public record SideBySide(
        String problem, boolean values, List<Place> places, List<Line> lines, int hidden) {

    /// More are not shown.
    private static final int MAX_LINES = 500;

    /// A place in the manifests. What is not there is empty.
    public record Place(String path, String here, String there) {}

    /// A statement, by those who make it.
    public record Line(String here, String there) {
        public boolean isCommon() {
            return !here.isEmpty() && !there.isEmpty();
        }
    }

    /// Nothing was to be compared.
    static final SideBySide NONE = new SideBySide("", true, List.of(), List.of(), 0);

    static SideBySide problem(String text) {
        return new SideBySide(text, true, List.of(), List.of(), 0);
    }

    static SideBySide of(Policy here, Policy there, boolean values) {
        var places = new ArrayList<Place>();
        var ours = here.intent().members().toString();
        var theirs = there.intent().members().toString();
        if (!ours.equals(theirs)) {
            places.add(new Place("metadata.annotations[\"" + Intent.MEMBERS + "\"]", ours, theirs));
        }
        Differ.between(here, there).forEach(it -> places.add(place(it, values)));
        var lines = values ? lines(here, there) : List.<Line>of();
        var shown = lines.stream().limit(MAX_LINES).toList();
        return new SideBySide("", values, places, shown, lines.size() - shown.size());
    }

    private static Place place(Difference difference, boolean values) {
        if (!values) {
            return new Place(difference.path(), "", "");
        }
        return switch (difference) {
            case OnlyHere(var path, var here) -> new Place(path, here, "");
            case OnlyThere(var path, var there) -> new Place(path, "", there);
            case Changed(var path, var here, var there) -> new Place(path, here, there);
        };
    }

    private static List<Line> lines(Policy here, Policy there) {
        var ours = here.meaning().statements();
        var theirs = there.meaning().statements();
        var all = new TreeSet<Statement>(ours);
        all.addAll(theirs);
        return all.stream()
                .map(
                        it ->
                                new Line(
                                        ours.contains(it) ? it.text() : "",
                                        theirs.contains(it) ? it.text() : ""))
                .toList();
    }
}
