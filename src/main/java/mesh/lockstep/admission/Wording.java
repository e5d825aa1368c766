package mesh.lockstep.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import mesh.lockstep.difference.Difference;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.Intent.Unreadable;
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
import mesh.lockstep.rollout.Severity;
import mesh.lockstep.rollout.Verdict;
import mesh.lockstep.rollout.Verdict.Grounds;
import mesh.lockstep.rollout.Verdict.Grounds.AlreadyExists;
import mesh.lockstep.rollout.Verdict.Grounds.Deferred;
import mesh.lockstep.rollout.Verdict.Grounds.Misread;
import mesh.lockstep.rollout.Verdict.Grounds.Uncompared;
import mesh.lockstep.rollout.Verdict.Grounds.Witness;
import mesh.lockstep.rollout.Verdict.Refused;

/// What a user reads when a change is refused. [Warnings] has the sentences of what is let through.
public final class Wording {

    /// The first line is cut by Argo CD and Flux where they show it, and must say all.
    private static final int MAX_TITLE = 150;

    private static final int MAX_MESSAGE = 2000;
    private static final int MAX_NAME = 70;
    private static final int MAX_VALUE = 40;
    private static final int MAX_CAUSE = 80;
    private static final int MAX_LINES = 10;
    private static final int MAX_CAUSES = 5;

    private final Disclosure disclosure;

    public Wording(Disclosure disclosure) {
        this.disclosure = disclosure;
    }

    /// Why a change is refused: a first line that is complete by itself, where the two differ, and
    /// the ways out. The same at each try.
    public String refusal(Change change, Refused refused) {
        var title = Clean.line(title(change.key(), refused.grounds()), MAX_TITLE);
        return switch (refused.grounds()) {
            case Witness witness ->
                    fitting(title, seen(change, witness), new WaysOut(change, refused).of(witness));
            case Deferred deferred ->
                    fitting(
                            title,
                            List.of(
                                    "  from memory: " + conflict(deferred.finding()),
                                    "  not asked: " + Clean.line(deferred.cause(), MAX_CAUSE)),
                            List.of(
                                    "Deferred, neither refused nor admitted. Try again in a few"
                                            + " seconds."));
            case Uncompared _ ->
                    fitting(
                            title,
                            uncompared(refused),
                            List.of(
                                    "This cluster refuses changes that it cannot compare with every member (lockstep.enforcement.unknown"
                                            + " is deny). Try again when they answer."));
            case AlreadyExists _ ->
                    fitting(
                            title,
                            List.of(),
                            List.of(
                                    "Update it instead of creating it; the update is then judged."));
            case Misread(var annotations) ->
                    fitting(title, List.of(), annotations.stream().map(Wording::allowed).toList());
        };
    }

    /// What of them differs, and what else to know of that.
    private List<String> seen(Change change, Witness witness) {
        var table = table(witness);
        var lines = new ArrayList<>(table.lines(witness.differences()));
        lines.addAll(table.beside(witness.differences(), witness.beside()));
        if (change.outcome().isPresent()) {
            var ours = change.outcome().get();
            var there = "in " + witness.peer();
            lines.addAll(
                    new Notes(disclosure)
                            .on(ours, witness.theirs(), "here", there, witness.differences()));
        }
        return lines;
    }

    /// The first line of a refusal, for other places too.
    String title(PolicyKey key, Grounds grounds) {
        var title = key.kind().kindName() + " " + Clean.line(key.qualifiedName(), MAX_NAME);
        return switch (grounds) {
            case Witness(var finding, _, _, _, _) ->
                    title + " " + conflict(finding) + suffix(finding);
            case Deferred deferred ->
                    title
                            + " cannot be judged right now: "
                            + deferred.peer()
                            + " could not be asked"
                            + suffix(deferred.finding());
            case Uncompared _ -> title + " could not be compared with every member [Unknown].";
            case AlreadyExists _ -> title + " already exists.";
            case Misread(var annotations) ->
                    title + " has an annotation that cannot be read: " + names(annotations) + ".";
        };
    }

    /// For a change that was not read, and so not judged.
    String putOff(PolicyKey key) {
        var title = key.kind().kindName() + " " + Clean.line(key.qualifiedName(), MAX_NAME);
        return title
                + " cannot be judged right now.\nLockstep has too much to read right now. Try again in"
                + " a few seconds.";
    }

    /// For one that was admitted all the same.
    static String unjudged(PolicyKey key) {
        return Clean.line(key.qualifiedName(), MAX_NAME)
                + " was not compared with the other members: Lockstep had too much to read";
    }

    /// One difference for programs.
    public String cause(Witness witness, Difference difference) {
        return table(witness).sentence(difference);
    }

    /// The same where no difference can be shown.
    String cause(Witness witness) {
        return "differs from " + witness.peer() + ", and is too large to show where";
    }

    private DifferenceTable table(Witness witness) {
        return new DifferenceTable("here", witness.peer().value(), disclosure, MAX_LINES);
    }

    private static String conflict(Finding finding) {
        var peer = finding.peer();
        return switch (finding) {
            case Newer(_, var theirs) ->
                    "would fall behind " + peer + ", which is at revision " + theirs;
            case Detached _ -> "would leave the mesh, but " + peer + " still shares it";
            case Previous _, Earlier _ ->
                    "would differ from " + peer + ", and no rollout is declared";
            case Differs(_, _, var movedOn) when movedOn ->
                    "would differ from " + peer + ", which has moved on";
            case Differs _, Ahead _, Older _, Missing _, StillHeld _, Unknown _ ->
                    "would differ from " + peer;
        };
    }

    private static String suffix(Finding finding) {
        return " [" + finding.name() + "].";
    }

    private static List<String> uncompared(Verdict verdict) {
        return verdict.withSeverity(Severity.DENY).stream()
                .filter(Unknown.class::isInstance)
                .map(Unknown.class::cast)
                .limit(MAX_CAUSES)
                .map(
                        unknown ->
                                "  "
                                        + unknown.peer()
                                        + ": "
                                        + Clean.line(unknown.cause(), MAX_TITLE))
                .toList();
    }

    private static String names(List<Unreadable> annotations) {
        return annotations.stream().map(Unreadable::annotation).collect(Collectors.joining(", "));
    }

    static String allowed(Unreadable annotation) {
        return "%s is \"%s\"; it must be %s."
                .formatted(
                        annotation.annotation(),
                        Clean.line(annotation.value(), MAX_VALUE),
                        annotation.allowed());
    }

    /// The first line, the last ones, and as many of those between as fit.
    private static String fitting(String title, List<String> between, List<String> last) {
        var lines = new ArrayList<>(between);
        lines.addFirst(title);
        lines.addAll(last);
        while (String.join("\n", lines).length() > MAX_MESSAGE) {
            lines.remove(lines.size() - last.size() - 1);
        }
        return String.join("\n", lines);
    }
}
