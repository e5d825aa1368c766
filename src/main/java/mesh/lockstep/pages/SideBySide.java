package mesh.lockstep.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.difference.Differ;
import mesh.lockstep.difference.Difference;
import mesh.lockstep.difference.Difference.Changed;
import mesh.lockstep.difference.Difference.OnlyHere;
import mesh.lockstep.difference.Difference.OnlyThere;
import mesh.lockstep.difference.Difference.Reordered;
import mesh.lockstep.difference.Differences;
import mesh.lockstep.difference.IntentDifferences;
import mesh.lockstep.difference.Redundancy;
import mesh.lockstep.policy.AsWritten;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Statement;

/// Where two copies of a policy part: in the words of their manifests, and in what Cilium makes of
/// them.
///
/// @param problem why they could not be compared; empty if they could
/// @param values whether what they say may be shown, and not only where
/// @param rest what is said of the places that are not shown; empty if all are
/// @param beside the annotations in which they differ, in addition to the rules
/// @param notes what a reader should know to read it rightly
public record SideBySide(
        String problem,
        boolean values,
        List<Place> places,
        String rest,
        List<Place> beside,
        List<String> notes,
        List<Line> lines,
        int hidden) {

    /// More are not shown.
    private static final int MAX_LINES = 500;

    /// Characters of one text.
    private static final int MAX_TEXT = 5_000;

    /// Characters of all places, and of all lines; a page of a few hundred ordinary ones.
    private static final int MAX_PAGE = 500_000;

    /// A place in the manifests. What is not there is empty.
    public record Place(String path, String here, String there) {

        private int length() {
            return path.length() + here.length() + there.length();
        }
    }

    /// What both state, or what each states by itself; empty where one has no more to say.
    ///
    /// @param common whether it is one statement, of both
    public record Line(String here, String there, boolean common) {

        private int length() {
            return here.length() + there.length();
        }

        private Line shortened() {
            return new Line(SideBySide.shortened(here), SideBySide.shortened(there), common);
        }
    }

    /// Nothing was to be compared.
    static final SideBySide NONE = nothing("");

    static SideBySide problem(String text) {
        return nothing(text);
    }

    private static SideBySide nothing(String problem) {
        return new SideBySide(problem, true, List.of(), "", List.of(), List.of(), List.of(), 0);
    }

    /// @param deadline after which no more places are looked for
    static SideBySide of(Policy here, Policy there, boolean values, Deadline deadline) {
        var differences = Differ.between(here, there, deadline);
        var places = places(differences.places(), values);
        var lines = values ? lines(here, there) : List.<Line>of();
        var shown =
                fitting(
                        lines.stream().limit(MAX_LINES).map(Line::shortened).toList(),
                        Line::length);
        var fitting = fitting(places, Place::length);
        return new SideBySide(
                "",
                values,
                fitting,
                rest(differences, places.size() - fitting.size()),
                places(IntentDifferences.of(here.intent(), there.intent()), values),
                notes(here, there, differences, values),
                shown,
                lines.size() - shown.size());
    }

    private static List<Place> places(List<? extends Difference> differences, boolean values) {
        return differences.stream().map(difference -> place(difference, values)).toList();
    }

    /// The first, as many as fit.
    private static <T> List<T> fitting(List<T> all, ToIntFunction<T> length) {
        var left = MAX_PAGE;
        var fitting = new ArrayList<T>();
        for (var each : all) {
            left -= length.applyAsInt(each);
            if (left < 0) {
                break;
            }
            fitting.add(each);
        }
        return fitting;
    }

    private static String rest(Differences differences, int hidden) {
        if (!differences.complete()) {
            return differences.places().isEmpty()
                    ? "They differ, and are too large to show where."
                    : "They differ in many more places, and are too large to show all.";
        }
        var more = differences.more() + hidden;
        return more == 0 ? "" : "And " + (more == 1 ? "1 more place." : more + " more places.");
    }

    private static List<String> notes(
            Policy here, Policy there, Differences differences, boolean values) {
        var notes = new ArrayList<String>();
        Intent.relativeNote(here.intent(), there.intent(), "here", "there").ifPresent(notes::add);
        AsWritten.sentence(here, there, "here", "there", values).ifPresent(notes::add);
        if (here.meaning().written().or(there.meaning()::written).isEmpty()) {
            differences.order().ifPresent(notes::add);
        }
        if (Redundancy.mayBeWithoutEffect(here.meaning(), there.meaning())) {
            notes.add(Redundancy.NOTE);
        }
        return notes;
    }

    private static Place place(Difference difference, boolean values) {
        if (!values) {
            return new Place(difference.path(), "", "");
        }
        return switch (difference) {
            case OnlyHere(var path, var here) -> new Place(path, shortened(here), "");
            case OnlyThere(var path, var there) -> new Place(path, "", shortened(there));
            case Reordered(var path) ->
                    new Place(
                            path,
                            "in this order",
                            "the same in another order, or not equally often");
            case Changed(var path, var here, var there) ->
                    new Place(path, shortened(here), shortened(there));
        };
    }

    /// First what only one of them states, side by side.
    private static List<Line> lines(Policy here, Policy there) {
        var ours = here.meaning().statements();
        var theirs = there.meaning().statements();
        var onlyHere = ours.stream().filter(statement -> !theirs.contains(statement)).toList();
        var onlyThere = theirs.stream().filter(statement -> !ours.contains(statement)).toList();
        var apart =
                IntStream.range(0, Math.max(onlyHere.size(), onlyThere.size()))
                        .mapToObj(
                                index ->
                                        new Line(
                                                text(onlyHere, index),
                                                text(onlyThere, index),
                                                false));
        var common =
                ours.stream()
                        .filter(statement -> theirs.contains(statement))
                        .map(statement -> new Line(statement.text(), statement.text(), true));
        return Stream.concat(apart, common).toList();
    }

    private static String shortened(String text) {
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
    }

    private static String text(List<Statement> statements, int index) {
        return index < statements.size() ? statements.get(index).text() : "";
    }
}
