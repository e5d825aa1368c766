package mesh.lockstep.admission;

import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.difference.Redundancy;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;

/// Lines under the differences of a refusal: how the two policies were compared, where that is not
/// plain.
public record Notes(Disclosure disclosure) {

    private static final int MAX_REASON = 150;

    /// What a reader of the differences should know to read them rightly.
    public List<String> on(Policy ours, Policy theirs) {
        var notes = new ArrayList<String>();
        if (ours.intent().relative() || theirs.intent().relative()) {
            notes.add("(" + Intent.RELATIVE_NOTE + ")");
        }
        ours.meaning()
                .asWritten()
                .or(theirs.meaning()::asWritten)
                .ifPresent(why -> notes.add(asWritten(why)));
        if (Redundancy.mayBeWithoutEffect(ours.meaning(), theirs.meaning())) {
            notes.add("(" + Redundancy.NOTE + ")");
        }
        return notes;
    }

    private String asWritten(String why) {
        return switch (disclosure) {
            case PATHS -> "(Compared as written.)";
            case VALUES -> "(Compared as written: " + Clean.line(why, MAX_REASON) + ".)";
        };
    }
}
