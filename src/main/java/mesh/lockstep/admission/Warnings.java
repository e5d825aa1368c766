package mesh.lockstep.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mesh.lockstep.difference.Differences;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Names;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.reading.Cilium;
import mesh.lockstep.rollout.Departures.Departure;
import mesh.lockstep.rollout.Departures.LackedGroup;
import mesh.lockstep.rollout.Departures.OtherSetting;
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
import mesh.lockstep.rollout.Judgement;
import mesh.lockstep.rollout.Namespaces;
import mesh.lockstep.rollout.Remark;
import mesh.lockstep.rollout.Severity;
import mesh.lockstep.rollout.Verdict;
import mesh.lockstep.rollout.Verdict.Admitted;
import mesh.lockstep.rollout.Verdict.Grounds.AlreadyExists;
import mesh.lockstep.rollout.Verdict.Grounds.Deferred;
import mesh.lockstep.rollout.Verdict.Grounds.Misread;
import mesh.lockstep.rollout.Verdict.Grounds.Uncompared;
import mesh.lockstep.rollout.Verdict.Grounds.Witness;
import mesh.lockstep.rollout.Verdict.Overridden;
import mesh.lockstep.rollout.Verdict.Refused;

/// What a user reads as `Warning:`, one line each: first what a refusal or an override is about,
/// then a line for each kind of finding, then remarks.
///
/// The API server cuts a warning to 256 characters and drops one that has a line break
/// (`filters/warning.go` of `k8s.io/apiserver`, v0.36.3).
public final class Warnings {

    private static final int MAX_WARNING = 256;
    private static final int MAX_NAME = 90;
    private static final int MAX_CAUSE = 80;
    private static final int MAX_VALUE = 40;
    private static final int MAX_NAMED = 5;
    private static final int MAX_SETTINGS = 3;

    private final Wording wording;

    public Warnings(Wording wording) {
        this.wording = wording;
    }

    /// What is only recorded has none.
    public List<String> of(PolicyKey key, Judgement judgement) {
        var lines = new ArrayList<String>();
        switch (judgement.verdict()) {
            case Refused(_, Witness witness) -> lines.add(accusation(key, witness));
            case Overridden(_, var grounds, var by) ->
                    lines.add(
                            "Admitted because %s is allowed to override: %s"
                                    .formatted(
                                            Clean.line(by, MAX_VALUE),
                                            wording.title(key, grounds)));
            case Admitted _,
                    Refused(_, Deferred _),
                    Refused(_, Uncompared _),
                    Refused(_, AlreadyExists _),
                    Refused(_, Misread _) -> {}
        }
        var byKind = new TreeMap<String, List<Finding>>();
        for (var finding : judgement.verdict().withSeverity(Severity.WARN)) {
            byKind.computeIfAbsent(finding.name(), _ -> new ArrayList<>()).add(finding);
        }
        byKind.forEach(
                (kind, findings) ->
                        lines.add(name(key) + ": " + sentence(findings) + " [" + kind + "]"));
        judgement.remarks().stream()
                .filter(remark -> !isTheRefusal(remark, judgement.verdict()))
                .forEach(remark -> lines.add(name(key) + ": " + sentence(remark)));
        return lines.stream().map(line -> Clean.line(line, MAX_WARNING)).toList();
    }

    /// Refused for what the remark is about: then it is not taken as absent.
    private static boolean isTheRefusal(Remark remark, Verdict verdict) {
        return remark instanceof Remark.Unread && verdict instanceof Refused(_, Misread _);
    }

    private static String accusation(PolicyKey key, Witness witness) {
        return "%s: %s differs %s".formatted(witness.peer(), name(key), where(witness));
    }

    private static String where(Witness witness) {
        if (witness.beside().isEmpty()) {
            return where(witness.differences());
        }
        var beside =
                witness.beside().stream()
                        .map(DifferenceTable::path)
                        .collect(Collectors.joining(", "));
        return witness.differences().isNone()
                ? "outside the rules: " + beside
                : where(witness.differences()) + "; outside the rules: " + beside;
    }

    private static String where(Differences differences) {
        var places =
                differences.places().stream()
                        .limit(MAX_NAMED)
                        .map(DifferenceTable::path)
                        .collect(Collectors.joining(", "));
        if (!differences.complete()) {
            return places.isEmpty()
                    ? "and is too large to show where"
                    : "in many places, among them: " + places;
        }
        var count = differences.count();
        return "in " + (count == 1 ? "1 place" : count + " places") + ": " + places;
    }

    /// @param findings all of one kind
    private static String sentence(List<Finding> findings) {
        var one = findings.size() == 1;
        var members = findings.size() + (one ? " member" : " members");
        var have = one ? " has " : " have ";
        var stillHave = one ? " still has " : " still have ";
        return switch (findings.getFirst()) {
            case Newer _ -> members + have + "a newer revision: " + named(findings);
            case Differs(_, var joining, _) when joining ->
                    members
                            + (one ? " still differs" : " still differ")
                            + " from the version you just applied: "
                            + named(findings);
            case Differs _ -> members + have + "a different version: " + named(findings);
            case Detached _ ->
                    members + (one ? " still shares it: " : " still share it: ") + named(findings);
            case Previous _ -> members + stillHave + "the previous version: " + named(findings);
            case Earlier _ -> members + stillHave + "an earlier version: " + named(findings);
            case Ahead _ -> members + (one ? " is ahead: " : " are ahead: ") + named(findings);
            case Older _ -> members + stillHave + "an older revision: " + named(findings);
            case Missing _ ->
                    members + (one ? " does" : " do") + " not have it: " + named(findings);
            case StillHeld _ -> members + stillHave + "it: " + named(findings);
            case Unknown _ -> unknown(findings);
        };
    }

    private static String sentence(Remark remark) {
        return switch (remark) {
            case Remark.UnknownMembers(var names) ->
                    "named as members, but not peers of this cluster: " + listed(names);
            case Remark.NotForHere(var here) ->
                    "this cluster, " + here + ", is not among the policy's members";
            case Remark.HigherRevision(var peer, var theirs) ->
                    "the same as in %s, which is at revision %s: set that revision here before you change it"
                            .formatted(peer, theirs);
            case Remark.Unread(var annotation) -> "ignored: " + Wording.allowed(annotation);
            case Remark.Departing(var departures) -> departing(departures);
            case Remark.NotRenewed(var causes) ->
                    "still read with the old credentials, because the new ones do not work: "
                            + reasons(causes);
            case Remark.Rejected(var rejection) ->
                    "Cilium %s will not enforce this: %s"
                            .formatted(Cilium.VERSION, rejection.text());
            case Remark.UnknownClusters(var names) ->
                    "selects clusters that are not members, so those selectors match nothing: "
                            + Clean.line(String.join(", ", names), MAX_CAUSE);
            case Remark.UnknownLevel(var value) ->
                    "the namespace's label %s is \"%s\", which is not a level; the cluster's level applies"
                            .formatted(Namespaces.ENFORCE, Clean.line(value, MAX_VALUE));
            case Remark.LooserLevel(var level, var ofCluster) ->
                    "the namespace's label %s is \"%s\", which is looser than the cluster's %s; the cluster's level applies"
                            .formatted(Namespaces.ENFORCE, level.word(), ofCluster.word());
        };
    }

    /// @param departures all of one topic
    private static String departing(List<Departure> departures) {
        return switch (departures.getFirst()) {
            case OtherSetting(var setting, var here, _, _) ->
                    "the setting %s is %s here and %s: the same policy may behave differently there"
                            .formatted(setting, quoted(here), settings(departures));
            case LackedGroup(_, var lacking) ->
                    "uses CIDR groups that %s did not have when last checked: %s; a missing group matches no addresses"
                            .formatted(listed(lacking), groups(departures));
        };
    }

    private static String settings(List<Departure> departures) {
        var named =
                departures.stream()
                        .limit(MAX_SETTINGS)
                        .map(OtherSetting.class::cast)
                        .map(setting -> quoted(setting.there()) + " in " + setting.peer())
                        .collect(Collectors.joining(", "));
        var more = departures.size() - MAX_SETTINGS;
        return more > 0 ? named + " and others in " + more + " more" : named;
    }

    private static String groups(List<Departure> departures) {
        var names =
                departures.stream()
                        .map(LackedGroup.class::cast)
                        .map(LackedGroup::group)
                        .collect(Collectors.joining(", "));
        return Clean.line(names, MAX_CAUSE);
    }

    private static String reasons(SortedMap<ClusterName, String> causes) {
        var reasons =
                causes.entrySet().stream()
                        .map(
                                entry ->
                                        entry.getKey()
                                                + " ("
                                                + Clean.line(entry.getValue(), MAX_CAUSE)
                                                + ")")
                        .toList();
        return Names.first(reasons, ", ", MAX_SETTINGS);
    }

    private static String quoted(String value) {
        return value.isEmpty() ? "\"\"" : Clean.line(value, MAX_VALUE);
    }

    /// Members with the same cause together.
    private static String unknown(List<Finding> findings) {
        return findings.stream()
                .collect(Collectors.groupingBy(Warnings::cause, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(entry -> named(entry.getValue()) + " (" + entry.getKey() + ")")
                .collect(Collectors.joining("; ", "not compared with ", ""));
    }

    private static String cause(Finding finding) {
        return finding instanceof Unknown(_, var cause) ? Clean.line(cause, MAX_CAUSE) : "";
    }

    private static String named(List<Finding> findings) {
        return listed(findings.stream().map(Finding::peer).toList());
    }

    private static String listed(List<ClusterName> clusters) {
        return Names.first(clusters.stream().map(ClusterName::value).toList(), ", ");
    }

    private static String name(PolicyKey key) {
        return Clean.line(key.qualifiedName(), MAX_NAME);
    }
}
