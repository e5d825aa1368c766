package mesh.lockstep.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import mesh.lockstep.admission.Disclosure;
import mesh.lockstep.admission.Warnings;
import mesh.lockstep.admission.Wording;
import mesh.lockstep.cli.Meeting.Absent;
import mesh.lockstep.cli.Prospect.Fate;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.policy.reading.Settings;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Enforcement;
import mesh.lockstep.rollout.Finding;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.Judgement;
import mesh.lockstep.rollout.Level;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.LiveAnswer.Deferred;
import mesh.lockstep.rollout.LiveAnswer.NotFound;
import mesh.lockstep.rollout.LiveAnswer.Shown;
import mesh.lockstep.rollout.LiveAnswer.Silent;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Referee;
import mesh.lockstep.rollout.RequestedChange;
import mesh.lockstep.rollout.Scope;
import mesh.lockstep.rollout.Severity;
import mesh.lockstep.rollout.Verdict;
import mesh.lockstep.rollout.Verdict.Grounds.Witness;
import mesh.lockstep.rollout.Verdict.Refused;

/// Tells what would become of a file's policy in each cluster, if it were applied there now: by the
/// rules and in the words of the webhooks, as far as they go by what the members hold. What a
/// webhook knows of earlier versions is not known here.
final class Forecast {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Manifest manifest;
    private final List<Holding> holdings;
    private final List<PeerView> unreached;
    private final Enforcement enforcement;
    private final SortedMap<ClusterName, MemberFacts> facts = new TreeMap<>();
    private final Map<Settings, Map<ClusterName, LiveAnswer>> readings = new HashMap<>();
    private final Map<Settings, Map<ClusterName, LiveAnswer>> applied = new HashMap<>();

    /// @param holdings what each member holds of it
    /// @param absent clusters that were to be compared as well
    /// @param level of the webhooks, where a namespace does not name another
    Forecast(Manifest manifest, List<Holding> holdings, List<Absent> absent, Level level) {
        this.manifest = manifest;
        this.holdings = holdings;
        this.unreached =
                absent.stream()
                        .filter(each -> ClusterName.isValid(each.context()))
                        .<PeerView>map(
                                each ->
                                        new PeerView.Unknown(
                                                new ClusterName(each.context()), each.cause()))
                        .toList();
        this.enforcement = new Enforcement(level, Severity.WARN, Set.of());
        holdings.forEach(holding -> facts.put(holding.name(), holding.member().facts()));
    }

    List<Prospect> prospects() {
        return holdings.stream().map(holding -> prospect(holding, List.of())).toList();
    }

    /// The same once it was applied to all members before one.
    ///
    /// @param index of that member among the holdings
    Prospect after(int index) {
        return prospect(holdings.get(index), holdings.subList(0, index));
    }

    /// @param ahead those that have what the file has
    private Prospect prospect(Holding target, List<Holding> ahead) {
        var reader = new PolicyReader(target.member().settings(), Optional.of(target.name()));
        var after = reader.read(manifest.key(), manifest.object());
        return switch (readings(reader).get(target.name())) {
            case Shown(_, var before, _) ->
                    changed(target, ahead, new Change.Updated(before, after));
            case NotFound _ -> changed(target, ahead, new Change.Created(after));
            case Silent(var name, var cause) -> Prospect.unknown(name, cause);
            case Deferred(var name, var cause) -> Prospect.unknown(name, cause);
            case null -> throw new IllegalStateException("a member that was not asked");
        };
    }

    private Map<ClusterName, LiveAnswer> readings(PolicyReader reader) {
        return readings.computeIfAbsent(
                reader.settings(),
                _ -> {
                    var answers = new HashMap<ClusterName, LiveAnswer>();
                    holdings.forEach(holding -> answers.put(holding.name(), holding.read(reader)));
                    return answers;
                });
    }

    private Prospect changed(Holding target, List<Holding> ahead, Change change) {
        var judgement = judge(target, ahead, change);
        var wording = new Wording(Disclosure.VALUES);
        var said =
                judgement.verdict() instanceof Refused refused
                        ? wording.refusal(change, refused)
                        : "";
        var fate = said.isEmpty() ? fate(change) : Fate.REFUSED;
        return new Prospect(
                target.name(),
                fate,
                said,
                fate == Fate.SAME ? Optional.empty() : part(target, change),
                new Warnings(wording).of(change.key(), judgement),
                finding(judgement.verdict()));
    }

    private static Optional<Finding> finding(Verdict verdict) {
        if (verdict instanceof Refused(_, Witness witness)) {
            return Optional.of(witness.finding());
        }
        return Stream.of(Severity.DENY, Severity.WARN)
                .flatMap(severity -> verdict.withSeverity(severity).stream())
                .findFirst();
    }

    private static Fate fate(Change change) {
        return switch (change) {
            case Change.Updated update when update.keepsMeaning() -> Fate.SAME;
            case Change.Updated _ -> Fate.CHANGED;
            case Change.Created _ -> Fate.CREATED;
            case Change.Deleted _ -> throw new IllegalStateException("a file deletes nothing");
        };
    }

    private static Optional<Part> part(Holding target, Change change) {
        var after = change.outcome().orElseThrow();
        return change.origin().map(policy -> Part.of("file", after, target.name().value(), policy));
    }

    private Judgement judge(Holding target, List<Holding> ahead, Change change) {
        var reader = new PolicyReader(target.member().settings());
        var answers = new HashMap<>(readings(reader));
        ahead.forEach(holding -> answers.put(holding.name(), applied(holding, reader)));
        var mesh = new MeshNow(target.name(), views(target, answers), answers, facts);
        var scope = new Scope(_ -> target.namespace(), Survey.SCOPE.leftOut());
        return new Referee(mesh, Histories.NONE, scope, enforcement)
                .judge(new RequestedChange(change, "", Set.of()), Deadline.in(PATIENCE));
    }

    /// What a member answers that has what the file has.
    private LiveAnswer applied(Holding holding, PolicyReader reader) {
        return applied.computeIfAbsent(reader.settings(), _ -> new HashMap<>())
                .computeIfAbsent(
                        holding.name(),
                        name ->
                                new Shown(
                                        name,
                                        reader.in(name).read(manifest.key(), manifest.object()),
                                        ""));
    }

    private List<PeerView> views(Holding target, Map<ClusterName, LiveAnswer> answers) {
        var views = new ArrayList<>(unreached);
        for (var holding : holdings) {
            var answer = answers.get(holding.name());
            if (!holding.equals(target) && answer != null) {
                views.add(holding.view(answer));
            }
        }
        views.sort(Comparator.comparing(PeerView::peer));
        return views;
    }
}
