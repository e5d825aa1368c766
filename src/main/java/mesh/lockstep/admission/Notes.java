package mesh.lockstep.admission;

import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.difference.Differences;
import mesh.lockstep.difference.Redundancy;
import mesh.lockstep.policy.AsWritten;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;

/// Lines under the differences of a refusal: how the two policies were compared, where that is not
/// plain.
public record Notes(Disclosure disclosure) {

    private static final int MAX_NOTE = 250;

    /// What a reader of the differences should know to read them rightly.
    ///
    /// @param here where the one policy is, as "here"
    /// @param there where the other is, as "in cluster2"
    public List<String> on(
            Policy ours, Policy theirs, String here, String there, Differences differences) {
        var notes = new ArrayList<String>();
        Intent.relativeNote(ours.intent(), theirs.intent(), here, there).ifPresent(notes::add);
        var reasons = disclosure == Disclosure.VALUES;
        AsWritten.sentence(ours, theirs, here, there, reasons).ifPresent(notes::add);
        if (ours.meaning().written().or(theirs.meaning()::written).isEmpty()) {
            differences.order().ifPresent(notes::add);
        }
        if (Redundancy.mayBeWithoutEffect(ours.meaning(), theirs.meaning())) {
            notes.add(Redundancy.NOTE);
        }
        return notes.stream().map(note -> "(" + Clean.line(note, MAX_NOTE) + ")").toList();
    }
}
