package mesh.lockstep.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mesh.lockstep.policy.Difference;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Finding;
import mesh.lockstep.rollout.Finding.Differs;
import mesh.lockstep.rollout.Finding.Missing;
import mesh.lockstep.rollout.Finding.Previous;
import mesh.lockstep.rollout.Finding.StillHeld;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.Severity;
import mesh.lockstep.rollout.Verdict;
import mesh.lockstep.rollout.Verdict.Refused;
import mesh.lockstep.rollout.Verdict.Witness;

/// Every sentence that a user reads.
public final class Wording {

    /// The API server cuts a warning to 256 characters (`filters/warning.go` of `k8s.io/apiserver`,
    /// v0.36.3); kubectl shows it on one line of a terminal.
    private static final int MAX_WARNING = 256;

    private static final int MAX_NAME = 90;
    private static final int MAX_MESSAGE = 2000;
    private static final int MAX_CAUSE = 80;
    private static final int MAX_NAMED = 5;

    private final Disclosure disclosure;

    public Wording(Disclosure disclosure) {
        this.disclosure = disclosure;
    }

    /// One line for each kind of finding that is warned about, and for a witness; none for what is
    /// only recorded.
    public List<String> warnings(PolicyKey key, Verdict verdict) {
        var lines = new ArrayList<String>();
        if (verdict instanceof Refused(_, var witness)) {
            witness.ifPresent(it -> lines.add(accusation(key, it)));
        }
        var byKind = new TreeMap<String, List<Finding>>();
        for (var finding : verdict.withSeverity(Severity.WARN)) {
            byKind.computeIfAbsent(finding.name(), _ -> new ArrayList<>()).add(finding);
        }
        byKind.values().forEach(findings -> lines.add(name(key) + ": " + warning(findings)));
        return lines.stream().map(line -> Clean.line(line, MAX_WARNING)).toList();
    }

    /// Why a change is refused: a first line that is complete by itself, where the two differ, and
    /// the ways out.
    public String refusal(Change change, Refused refused) {
        var lines = new ArrayList<String>();
        var witness = refused.witness();
        if (witness.isPresent()) {
            var peer = witness.get().peer();
            lines.add(title(change.key()) + " would differ from " + peer + ".");
            lines.addAll(table(witness.get()).lines(witness.get().differences()));
            lines.add(waysOut(witness.get()));
        } else {
            lines.add(title(change.key()) + " could not be compared with every member.");
            lines.add("  " + Clean.line(unknown(refused.withSeverity(Severity.DENY)), MAX_WARNING));
            lines.add(
                    "Nothing is admitted uncompared here (lockstep.enforcement.unknown is deny): try again when"
                            + " they answer.");
        }
        return fitting(lines);
    }

    /// One difference for programs.
    public String cause(Witness witness, Difference difference) {
        return table(witness).sentence(difference);
    }

    private DifferenceTable table(Witness witness) {
        return new DifferenceTable(witness.peer().value(), disclosure);
    }

    private static String accusation(PolicyKey key, Witness witness) {
        var count = witness.differences().size();
        return "%s: %s differs in %s: %s"
                .formatted(
                        witness.peer(),
                        name(key),
                        count == 1 ? "1 place" : count + " places",
                        witness.differences().stream()
                                .limit(MAX_NAMED)
                                .map(DifferenceTable::path)
                                .collect(Collectors.joining(", ")));
    }

    private static String waysOut(Witness witness) {
        return switch (witness.finding()) {
            case Previous _ ->
                    "Level strict admits only the version that all members hold. To roll out a change, set"
                            + " lockstep.enforcement.level to deny.";
            default ->
                    "Keep theirs: apply "
                            + witness.peer()
                            + "'s version here. Replace it: once all members hold one version, apply yours to"
                            + " each.";
        };
    }

    private static String warning(List<Finding> findings) {
        var count = findings.size();
        var one = count == 1;
        var members = count + (one ? " member" : " members");
        return switch (findings.getFirst()) {
            case Differs(_, var joining) ->
                    members
                            + (one ? " has" : " have")
                            + (joining
                                    ? " another version than the members you join: "
                                    : " a different version: ")
                            + named(findings);
            case Previous _ ->
                    members
                            + (one ? " still has" : " still have")
                            + " the previous version: "
                            + named(findings);
            case Missing _ ->
                    members + (one ? " does" : " do") + " not have it: " + named(findings);
            case StillHeld _ ->
                    members + (one ? " still has" : " still have") + " it: " + named(findings);
            case Unknown _ -> unknown(findings);
        };
    }

    /// Members with the same cause together.
    private static String unknown(List<Finding> findings) {
        Map<String, List<Finding>> byCause =
                findings.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Wording::cause, TreeMap::new, Collectors.toList()));
        return byCause.entrySet().stream()
                .map(entry -> named(entry.getValue()) + " (" + entry.getKey() + ")")
                .collect(Collectors.joining("; ", "not compared with ", ""));
    }

    private static String cause(Finding finding) {
        return finding instanceof Unknown(_, var cause) ? Clean.line(cause, MAX_CAUSE) : "";
    }

    private static String named(List<Finding> findings) {
        var names =
                findings.stream()
                        .limit(MAX_NAMED)
                        .map(finding -> finding.peer().value())
                        .collect(Collectors.joining(", "));
        var more = findings.size() - MAX_NAMED;
        return more > 0 ? names + " and " + more + " more" : names;
    }

    private static String title(PolicyKey key) {
        return key.kind().kindName() + " " + name(key);
    }

    private static String name(PolicyKey key) {
        return Clean.line(key.qualifiedName(), MAX_NAME);
    }

    /// The first line, the last, and as many of those between as fit.
    private static String fitting(List<String> lines) {
        var wanted = new ArrayList<>(lines);
        while (String.join("\n", wanted).length() > MAX_MESSAGE) {
            wanted.remove(wanted.size() - 2);
        }
        return String.join("\n", wanted);
    }
}
