package mesh.lockstep.admission;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Finding;
import mesh.lockstep.rollout.Finding.Ahead;
import mesh.lockstep.rollout.Finding.Detached;
import mesh.lockstep.rollout.Finding.Differs;
import mesh.lockstep.rollout.Finding.Earlier;
import mesh.lockstep.rollout.Finding.Missing;
import mesh.lockstep.rollout.Finding.Newer;
import mesh.lockstep.rollout.Finding.Older;
import mesh.lockstep.rollout.Finding.Previous;
import mesh.lockstep.rollout.Finding.StillHeld;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.Verdict.Grounds.Witness;
import mesh.lockstep.rollout.Verdict.Refused;
import mesh.lockstep.rollout.Verdict.Weighed;

/// The last lines of a refusal: what its author can do, by hand or in Git.
record WaysOut(Change change, Refused refused) {

    /// At most four lines.
    List<String> of(Witness witness) {
        var peer = witness.peer();
        var read = "Read from " + peer + " just now.";
        return switch (witness.finding()) {
            case Detached _ ->
                    List.of(
                            read,
                            "To stay, set %s as in %s.".formatted(Intent.MEMBERS, peer),
                            "To leave, %s, and apply it to every member it is meant for."
                                    .formatted(raising(witness)));
            case Previous _, Earlier _ ->
                    List.of(
                            read,
                            "To declare the rollout, "
                                    + raising(witness)
                                    + ", and apply it everywhere.");
            case Differs(_, _, var movedOn) when movedOn ->
                    List.of(
                            read,
                            "%s is ahead: its version came from the one here. Once it has yours as well, this change passes."
                                    .formatted(peer),
                            "To join it, apply what this shows: " + showing(witness),
                            replacing(witness));
            case Newer _, Differs _, Ahead _, Older _, Missing _, StillHeld _, Unknown _ ->
                    List.of(
                            read,
                            "To keep theirs, apply what this shows: " + showing(witness),
                            replacing(witness));
        };
    }

    private String showing(Witness witness) {
        return "kubectl --context %s get %s -o yaml".formatted(witness.peer(), named(change.key()));
    }

    private String replacing(Witness witness) {
        return "To replace it, " + raising(witness) + ", and apply it everywhere.";
    }

    /// Together with the change: by itself it would be one more version to carry around.
    private String raising(Witness witness) {
        return "set %s: \"%d\" under metadata.annotations in the manifest (for a pipeline: in Git)"
                .formatted(Intent.REVISION, highest(witness.theirs()) + 1);
    }

    /// The highest of all members, as far as it is known.
    private long highest(Policy theirs) {
        var known =
                refused.findings().stream().map(Weighed::finding).flatMapToLong(WaysOut::revision);
        var ours = change.outcome().stream().mapToLong(WaysOut::revision);
        return Stream.of(known, ours, LongStream.of(revision(theirs)))
                .flatMapToLong(stream -> stream)
                .max()
                .orElseThrow();
    }

    private static LongStream revision(Finding finding) {
        return finding instanceof Newer(_, var theirs)
                ? LongStream.of(theirs.number())
                : LongStream.empty();
    }

    private static long revision(Policy policy) {
        return policy.intent().revision().number();
    }

    private static String named(PolicyKey key) {
        var name = key.kind().shortName() + " " + Clean.line(key.name(), PolicyKey.LONGEST_NAME);
        return key.kind().namespaced()
                ? name + " -n " + Clean.line(key.namespace(), PolicyKey.LONGEST_NAMESPACE)
                : name;
    }
}
