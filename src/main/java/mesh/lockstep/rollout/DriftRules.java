package mesh.lockstep.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.PeerView.Apart;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.PeerView.Lacks;
import mesh.lockstep.rollout.PeerView.Unknown;

/// Tells a policy's state from what the members hold. The same rule as for changes: on a line, or
/// one version at the highest revision, is a rollout, and so are two versions of which it is not
/// known whether they are on a line; but one that takes too long is no longer a rollout.
///
/// @param here the cluster from which it is seen
/// @param rolloutWindow for how long a difference may be a rollout
public record DriftRules(ClusterName here, Duration rolloutWindow) {

    /// Watches of several peers do not tell of their changes in one order. A difference that is
    /// younger is never called drift, nor one that was explained by a rollout so long ago.
    public static final Duration SETTLING = Duration.ofSeconds(2);

    /// The state now; empty if no member has the policy.
    ///
    /// @param ours what this cluster has
    /// @param history of the policy
    /// @param before how it stood when it was last judged
    public Optional<Condition> judge(
            PolicyKey key,
            PeerView ours,
            List<PeerView> theirs,
            History history,
            Optional<Condition> before,
            Instant now) {
        if (theirs.isEmpty()) {
            return alone(key, ours, before);
        }
        if (isNowhere(ours, theirs) && !(before.isPresent() && isInDoubt(ours, theirs))) {
            return Optional.empty();
        }
        var unexplained =
                isRollout(ours, theirs, history) ? Optional.<Instant>empty() : since(before, now);
        var relations = new TreeMap<ClusterName, Relation>();
        for (var view : theirs) {
            var then = before.flatMap(condition -> condition.with(view.peer()));
            var state = compare(ours, view);
            if (state.isEmpty()) {
                continue;
            }
            var relation =
                    switch (state.get()) {
                        case IN_SYNC -> Relation.IN_SYNC;
                        case EXEMPT -> Relation.EXEMPT;
                        case UNKNOWN -> unknown(ours, view, then);
                        case DIVERGED, MISSING_HERE, MISSING_THERE, ROLLING_OUT -> {
                            var order = order(ours, view, history);
                            yield differing(state.get(), unexplained, then, order, now);
                        }
                    };
            relations.put(view.peer(), relation);
        }
        return Optional.of(Condition.of(key, revision(ours), relations, unexplained));
    }

    /// With nobody to compare it with, nothing is known to agree: what was known to differ stays,
    /// until there is somebody again.
    private static Optional<Condition> alone(
            PolicyKey key, PeerView ours, Optional<Condition> before) {
        var relations = new TreeMap<ClusterName, Relation>();
        before.ifPresent(condition -> relations.putAll(condition.relations()));
        relations.values().removeIf(relation -> relation.firstSeen().isEmpty());
        relations.replaceAll((_, relation) -> gone(relation));
        return ours instanceof Holds || !relations.isEmpty()
                ? Optional.of(
                        Condition.of(
                                key,
                                revision(ours),
                                relations,
                                before.flatMap(Condition::unexplained)))
                : Optional.empty();
    }

    private static Relation gone(Relation relation) {
        return new Relation(State.UNKNOWN, relation.firstSeen(), "no peers are known");
    }

    /// For a policy that is not to be compared with anybody.
    public static Condition exempt(PolicyKey key, PeerView ours, List<PeerView> theirs) {
        var relations = new TreeMap<ClusterName, Relation>();
        theirs.forEach(view -> relations.put(view.peer(), Relation.EXEMPT));
        return new Condition(key, State.EXEMPT, revision(ours), relations, Optional.empty());
    }

    /// When to judge again though nothing happened: what is a rollout now will be none then.
    public Optional<Instant> review(Condition condition) {
        return condition.relations().values().stream()
                .filter(relation -> relation.state() == State.ROLLING_OUT)
                .flatMap(relation -> relation.firstSeen().stream())
                .map(instant -> end(instant, condition.unexplained()))
                .min(Comparator.naturalOrder());
    }

    /// Since when there is no explanation; for what drifted before a restart, more is not known.
    private static Optional<Instant> since(Optional<Condition> before, Instant now) {
        var drift = before.filter(condition -> condition.state().isDrift());
        return before.flatMap(Condition::unexplained)
                .or(() -> drift.flatMap(Condition::firstSeen))
                .or(() -> Optional.of(now));
    }

    /// When a difference is drift.
    private Instant end(Instant firstSeen, Optional<Instant> unexplained) {
        var settled = firstSeen.plus(SETTLING);
        var asRollout = firstSeen.plus(rolloutWindow);
        var end =
                unexplained
                        .map(instant -> instant.plus(SETTLING))
                        .filter(asRollout::isAfter)
                        .orElse(asRollout);
        return settled.isAfter(end) ? settled : end;
    }

    private static boolean isNowhere(PeerView ours, List<PeerView> theirs) {
        return !(ours instanceof Holds) && theirs.stream().noneMatch(Holds.class::isInstance);
    }

    private static boolean isInDoubt(PeerView ours, List<PeerView> theirs) {
        return ours instanceof Unknown || theirs.stream().anyMatch(Unknown.class::isInstance);
    }

    private boolean isTheirsAlone(PeerView theirs) {
        return theirs instanceof Apart
                || (theirs instanceof Holds holds
                        && !holds.version().members().share(holds.peer(), here));
    }

    /// How two copies stand to each other, without regard to time: never a rollout. Empty where
    /// neither has it.
    public Optional<State> compare(PeerView ours, PeerView theirs) {
        if (isTheirsAlone(theirs)) {
            return Optional.of(State.EXEMPT);
        }
        return switch (ours) {
            case Unknown _ -> Optional.of(State.UNKNOWN);
            case Apart _ -> Optional.of(State.EXEMPT);
            case Lacks _ ->
                    switch (theirs) {
                        case Lacks _, Apart _ -> Optional.empty();
                        case Holds _ -> Optional.of(State.MISSING_HERE);
                        case Unknown _ -> Optional.of(State.UNKNOWN);
                    };
            case Holds own -> Optional.of(compare(own, theirs));
        };
    }

    private State compare(Holds ours, PeerView theirs) {
        var shared = ours.version().members().share(here, theirs.peer());
        return switch (theirs) {
            case Lacks _ -> shared ? State.MISSING_THERE : State.EXEMPT;
            case Apart _ -> State.EXEMPT;
            case Unknown _ -> shared ? State.UNKNOWN : State.EXEMPT;
            case Holds holds when holds.version().equals(ours.version()) -> State.IN_SYNC;
            // We left what the peer still shares with us: on purpose, if the revision says so.
            case Holds holds when !shared && ours.revision().isAbove(holds.revision()) ->
                    State.EXEMPT;
            case Holds _ -> State.DIVERGED;
        };
    }

    /// Absence is also a version: what a rollout of a new policy comes from, and a deletion goes
    /// to.
    private boolean isRollout(PeerView ours, List<PeerView> theirs, History history) {
        var versions = new HashSet<Optional<Version>>();
        var newest = new HashSet<Version>();
        var highest = Revision.NONE;
        var compared = theirs.stream().filter(peerView -> !isExempt(ours, peerView));
        for (var view : Stream.concat(Stream.of(ours), compared).toList()) {
            switch (view) {
                case Unknown _, Apart _ -> {}
                case Lacks _ -> versions.add(Optional.empty());
                case Holds(_, var version, var revision) -> {
                    versions.add(Optional.of(version));
                    if (revision.isAbove(highest)) {
                        newest.clear();
                        highest = revision;
                    }
                    if (revision.equals(highest)) {
                        newest.add(version);
                    }
                }
            }
        }
        return newest.size() <= 1 || isOnALine(newest, history, versions.size() <= 2);
    }

    /// @param ifUnknown whether versions are taken to be on a line of which nothing is known
    private static boolean isOnALine(Set<Version> versions, History history, boolean ifUnknown) {
        var prints = versions.stream().map(Version::fingerprint).toList();
        for (var one : prints) {
            for (var other : prints) {
                var isTaken = ifUnknown && !(history.knows(one) && history.knows(other));
                if (!isTaken && !areOnALine(one, other, history)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean areOnALine(Fingerprint one, Fingerprint other, History history) {
        return one.equals(other) || history.isBefore(one, other) || history.isBefore(other, one);
    }

    /// Which of two is ahead; empty if that is not known.
    private static String order(PeerView ours, PeerView theirs, History history) {
        if (history.moves().isEmpty()
                || !(ours instanceof Holds here && theirs instanceof Holds there)) {
            return "";
        }
        var one = here.version().fingerprint();
        var other = there.version().fingerprint();
        if (history.isBefore(one, other)) {
            return there.peer() + " is ahead";
        }
        return history.isBefore(other, one) ? here.peer() + " is ahead" : "";
    }

    private boolean isExempt(PeerView ours, PeerView theirs) {
        return compare(ours, theirs).filter(state -> state == State.EXEMPT).isPresent();
    }

    private Relation differing(
            State state,
            Optional<Instant> unexplained,
            Optional<Relation> before,
            String order,
            Instant now) {
        var firstSeen = before.flatMap(Relation::firstSeen).orElse(now);
        var isRollout = end(firstSeen, unexplained).isAfter(now);
        return new Relation(isRollout ? State.ROLLING_OUT : state, Optional.of(firstSeen), order);
    }

    private static Relation unknown(PeerView ours, PeerView theirs, Optional<Relation> before) {
        var cause = ours instanceof Unknown(_, var own) ? "here: " + own : cause(theirs);
        return new Relation(State.UNKNOWN, before.flatMap(Relation::firstSeen), cause);
    }

    private static String cause(PeerView view) {
        return view instanceof Unknown(_, var cause) ? cause : "";
    }

    private static Optional<Revision> revision(PeerView ours) {
        return ours instanceof Holds holds ? Optional.of(holds.revision()) : Optional.empty();
    }
}
