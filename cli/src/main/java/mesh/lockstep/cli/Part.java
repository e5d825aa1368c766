package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.admission.DifferenceTable;
import mesh.lockstep.admission.Disclosure;
import mesh.lockstep.admission.Notes;
import mesh.lockstep.difference.Differ;
import mesh.lockstep.difference.Difference;
import mesh.lockstep.difference.Difference.Changed;
import mesh.lockstep.difference.Difference.OnlyHere;
import mesh.lockstep.difference.Difference.OnlyThere;
import mesh.lockstep.difference.Difference.Reordered;
import mesh.lockstep.difference.Differences;
import mesh.lockstep.difference.IntentDifferences;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Policy;

/// Where two copies of a policy part, in the words of a refusal.
///
/// @param here what the first is called
/// @param there what the second is called
/// @param beside the annotations in which they differ, in addition to the rules
record Part(
        String here,
        String there,
        Differences differences,
        List<Changed> beside,
        List<String> notes) {

    private static final int MAX_LINES = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static Part of(String here, Policy ours, String there, Policy theirs) {
        var differences = Differ.between(ours, theirs, Deadline.in(PATIENCE));
        return new Part(
                here,
                there,
                differences,
                IntentDifferences.of(ours.intent(), theirs.intent()),
                new Notes(Disclosure.VALUES)
                        .on(ours, theirs, "in " + here, "in " + there, differences));
    }

    List<String> lines() {
        var table = new DifferenceTable(here, there, Disclosure.VALUES, MAX_LINES);
        var lines = new ArrayList<>(table.lines(differences));
        lines.addAll(table.beside(differences, beside));
        lines.addAll(notes);
        return lines;
    }

    ObjectNode json(ObjectNode json) {
        json.put("here", here).put("there", there);
        var places = json.putArray("places");
        differences.places().forEach(difference -> json(difference, places.addObject()));
        json.put("more", differences.more()).put("complete", differences.complete());
        var annotations = json.putArray("outsideTheRules");
        beside.forEach(changed -> json(changed, annotations.addObject()));
        var remarks = json.putArray("notes");
        notes.forEach(remarks::add);
        return json;
    }

    private static void json(Difference difference, ObjectNode json) {
        json.put("path", difference.path());
        switch (difference) {
            case OnlyHere(_, var value) -> json.put("here", value);
            case OnlyThere(_, var value) -> json.put("there", value);
            case Changed(_, var ours, var theirs) -> json.put("here", ours).put("there", theirs);
            case Reordered _ -> json.put("reordered", true);
        }
    }
}
