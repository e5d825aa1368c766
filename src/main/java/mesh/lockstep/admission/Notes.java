package mesh.lockstep.admission;

import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.difference.Redundancy;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Verdict.Grounds.Witness;

/// Lines under the differences of a refusal: how the two policies were compared, where that is not
/// plain.
record Notes(Disclosure disclosure) {

    private static final int MAX_REASON = 150;

    /// What a reader of the differences should know to read them rightly.
    List<String> on(Change change, Witness witness) {
        var notes = new ArrayList<String>();
        if (isRelative(change, witness)) {
            notes.add("(" + Intent.RELATIVE_NOTE + ")");
        }
        var theirs = witness.theirs().meaning();
        for (var ours : change.outcome().map(Policy::meaning).stream().toList()) {
            ours.asWritten().or(theirs::asWritten).ifPresent(why -> notes.add(asWritten(why)));
            if (Redundancy.mayBeWithoutEffect(ours, theirs)) {
                notes.add("(" + Redundancy.NOTE + ")");
            }
        }
        return notes;
    }

    private String asWritten(String why) {
        return switch (disclosure) {
            case PATHS -> "(Compared as written.)";
            case VALUES -> "(Compared as written: " + Clean.line(why, MAX_REASON) + ".)";
        };
    }

    private static boolean isRelative(Change change, Witness witness) {
        return witness.theirs().intent().relative()
                || change.outcome().stream().anyMatch(it -> it.intent().relative());
    }
}
