package mesh.lockstep.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.policy.Differ;
import mesh.lockstep.policy.Difference;
import mesh.lockstep.policy.Difference.Changed;
import mesh.lockstep.policy.Difference.OnlyHere;
import mesh.lockstep.policy.Difference.OnlyThere;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Redundancy;
import mesh.lockstep.policy.Statement;

/// Where two copies of a policy part: in the words of their manifests, and in what Cilium makes of
/// them.
///
/// @param problem why they could not be compared; empty if they could
/// @param values whether what they say may be shown, and not only where
/// @param notes what a reader should know to read it rightly
public record SideBySide(
        String problem,
        boolean values,
        List<Place> places,
        List<String> notes,
        List<Line> lines,
        int hidden) {

    /// More are not shown.
    private static final int MAX_LINES = 500;

    /// A place in the manifests. What is not there is empty.
    public record Place(String path, String here, String there) {}

    /// What both state, or what each states by itself; empty where one has no more to say.
    ///
    /// @param common whether it is one statement, of both
    public record Line(String here, String there, boolean common) {}

    /// Nothing was to be compared.
    static final SideBySide NONE = new SideBySide("", true, List.of(), List.of(), List.of(), 0);

    static SideBySide problem(String text) {
        return new SideBySide(text, true, List.of(), List.of(), List.of(), 0);
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
        return new SideBySide(
                "", values, places, notes(here, there, values), shown, lines.size() - shown.size());
    }

    private static List<String> notes(Policy here, Policy there, boolean values) {
        var notes = new ArrayList<String>();
        if (here.intent().relative() || there.intent().relative()) {
            notes.add("Each cluster's own name in it was read as \"here\".");
        }
        here.meaning()
                .asWritten()
                .or(there.meaning()::asWritten)
                .map(why -> values ? "Compared as written: " + why + "." : "Compared as written.")
                .ifPresent(notes::add);
        if (Redundancy.mayBeWithoutEffect(here.meaning(), there.meaning())) {
            notes.add("Another rule covers what differs: it may be without effect.");
        }
        return notes;
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

    /// First what only one of them states, side by side.
    private static List<Line> lines(Policy here, Policy there) {
        var ours = here.meaning().statements();
        var theirs = there.meaning().statements();
        var onlyHere = ours.stream().filter(it -> !theirs.contains(it)).toList();
        var onlyThere = theirs.stream().filter(it -> !ours.contains(it)).toList();
        var apart =
                IntStream.range(0, Math.max(onlyHere.size(), onlyThere.size()))
                        .mapToObj(it -> new Line(text(onlyHere, it), text(onlyThere, it), false));
        var common =
                ours.stream()
                        .filter(it -> theirs.contains(it))
                        .map(it -> new Line(it.text(), it.text(), true));
        return Stream.concat(apart, common).toList();
    }

    private static String text(List<Statement> statements, int index) {
        return index < statements.size() ? statements.get(index).text() : "";
    }
}
