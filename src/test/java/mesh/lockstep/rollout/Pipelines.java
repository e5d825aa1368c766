package mesh.lockstep.rollout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;
import mesh.lockstep.support.Policies;

/// A controller for each cluster, all of which only ever write the head of one repository, and the
/// real rules in their way: everything that can happen from an agreeing mesh on. None of them
/// raises a revision.
///
/// Each webhook remembers what it sees. All are told of a move at once, except those that are
/// restarting.
///
/// @param clusters of the mesh
/// @param commits that are made after the first, each at any moment
/// @param happens what else does
/// @param remembers whether moves are remembered
/// @param refused findings that a broken rule would refuse
/// @param admitted findings that a broken rule would admit
record Pipelines(
        int clusters,
        int commits,
        Set<Event> happens,
        boolean remembers,
        Predicate<Finding> refused,
        Predicate<Finding> admitted) {

    /// Versions that there are; commits also make the first of them again.
    private static final List<Policy> VERSIONS =
            IntStream.rangeClosed(1, 6).mapToObj(Policies::withPort).toList();

    /// Of each version; made once, for they are digests.
    private static final List<Trace> TRACES =
            VERSIONS.stream().map(it -> Trace.of(it.version(), Revision.NONE)).toList();

    private static final int NOBODYS_COMMIT = VERSIONS.size() - 1;

    enum Event {
        /// A commit takes the repository back to the version before.
        REVERT,
        /// A controller sleeps for ever, whose cluster nobody has to catch up with.
        SUSPENDED_BEHIND,
        /// A controller sleeps for ever.
        SUSPENDED,
        /// A webhook is away for a while and sees nothing. In its cluster happens no more than one
        /// change, which it would have admitted.
        RESTART,
        /// A webhook is away for a while, and whatever is written to its cluster passes.
        OUTAGE,
        /// A controller deletes its policy before it creates it again.
        RECREATE,
        /// Two controllers write in one instant: neither webhook sees the other's.
        RACE,
        /// A person writes a version to a cluster: that of some commit, or another.
        BY_HAND
    }

    @Override
    public String toString() {
        return "%d clusters, %d commits %s".formatted(clusters, commits, new TreeSet<>(happens));
    }

    Pipelines(int clusters, int commits, Event... happens) {
        this(clusters, commits, Set.of(happens), true, _ -> false, _ -> false);
    }

    Pipelines withoutMemory() {
        return new Pipelines(clusters, commits, happens, false, refused, admitted);
    }

    Pipelines refusing(Predicate<Finding> findings) {
        return new Pipelines(clusters, commits, happens, remembers, findings, admitted);
    }

    Pipelines admitting(Predicate<Finding> findings) {
        return new Pipelines(clusters, commits, happens, remembers, refused, findings);
    }

    /// The state of everything.
    ///
    /// @param held the version of each cluster; -1 for none
    /// @param histories of each webhook
    /// @param head the newest version of the repository
    /// @param made commits so far
    /// @param asleep controllers
    /// @param away the cluster whose webhook is, or -1
    /// @param missed whether that cluster was written to meanwhile
    record State(
            List<Integer> held,
            List<History> histories,
            int head,
            int made,
            Set<Integer> asleep,
            int away,
            boolean missed) {

        boolean hasArrived() {
            return IntStream.range(0, held.size())
                    .allMatch(it -> asleep.contains(it) || held.get(it) == head);
        }

        /// By what all webhooks have seen together.
        History seen() {
            return histories.stream().reduce(History.NONE, History::and);
        }

        /// Whether of two versions that are held, one always came from the other.
        boolean isOnALine() {
            var versions = held.stream().distinct().filter(it -> it >= 0).toList();
            return versions.stream()
                    .allMatch(
                            one ->
                                    versions.stream()
                                            .allMatch(
                                                    other ->
                                                            one.equals(other)
                                                                    || areRelated(one, other)));
        }

        private boolean areRelated(int one, int other) {
            return seen().isBefore(print(one), print(other))
                    || seen().isBefore(print(other), print(one));
        }

        @Override
        public String toString() {
            return "holding %s, the head is %d, asleep %s".formatted(held, head, asleep);
        }
    }

    /// All that can be reached, the nearest first.
    Stream<State> reachable() {
        var here =
                new State(
                        Collections.nCopies(clusters, 0),
                        IntStream.range(0, clusters)
                                .mapToObj(_ -> History.NONE.here(Optional.of(trace(0)), 0, true))
                                .toList(),
                        0,
                        0,
                        Set.of(),
                        -1,
                        false);
        var reached = new HashSet<>(Set.of(here));
        var open = new ArrayDeque<>(List.of(here));
        return Stream.generate(open::poll)
                .takeWhile(Objects::nonNull)
                .peek(it -> next(it).stream().filter(reached::add).forEach(open::add));
    }

    /// The states from which controllers, as long as they try, do not bring the head everywhere.
    Stream<State> stuck(Stream<State> states) {
        return states.filter(it -> it.away() < 0)
                .filter(it -> !it.hasArrived())
                .filter(it -> applied(it).isEmpty());
    }

    /// Whether controllers bring the head everywhere from there, whoever comes first.
    boolean arrives(State state) {
        var next = applied(state);
        return next.isEmpty() ? state.hasArrived() : next.stream().allMatch(this::arrives);
    }

    /// Whether each cluster may go to each version that came from its own, and from which came what
    /// others hold.
    boolean canCatchUp(State state) {
        var seen = state.seen();
        return IntStream.range(0, clusters)
                .filter(it -> held(state, it) >= 0 && it != state.away())
                .allMatch(
                        cluster ->
                                versionsByHand(state).stream()
                                        .filter(
                                                it ->
                                                        seen.isBefore(
                                                                print(held(state, cluster)),
                                                                print(it)))
                                        .allMatch(it -> admits(state, cluster, it)));
    }

    /// What one person can do by hand: give a cluster the version of another.
    Stream<State> joined(State state) {
        return byHand(state)
                .filter(
                        next ->
                                IntStream.range(0, clusters)
                                        .filter(it -> held(next, it) != held(state, it))
                                        .allMatch(it -> state.held().contains(held(next, it))));
    }

    /// What one person can do by hand in some cluster, without a revision.
    private Stream<State> byHand(State state) {
        return IntStream.range(0, clusters)
                .boxed()
                .filter(it -> held(state, it) >= 0)
                .flatMap(
                        cluster ->
                                versionsByHand(state).stream()
                                        .filter(it -> held(state, cluster) != it)
                                        .filter(it -> admits(state, cluster, it))
                                        .map(it -> written(state, cluster, it)));
    }

    private List<State> next(State state) {
        var next = new ArrayList<>(applied(state));
        if (state.made() < commits) {
            next.add(committed(state, newest(state) + 1));
            if (happens.contains(Event.REVERT) && state.head() > 0) {
                next.add(committed(state, state.head() - 1));
            }
        }
        for (int cluster = 0; cluster < clusters; cluster++) {
            if (mayFallAsleep(state, cluster)) {
                next.add(asleep(state, cluster));
            }
            if (state.away() < 0
                    && (happens.contains(Event.RESTART) || happens.contains(Event.OUTAGE))) {
                next.add(away(state, cluster));
            }
            if (happens.contains(Event.RECREATE)
                    && held(state, cluster) >= 0
                    && isAwake(state, cluster)
                    && state.away() < 0) {
                next.add(written(state, cluster, -1));
            }
            for (int other = 0; other < cluster && happens.contains(Event.RACE); other++) {
                race(state, cluster, other).ifPresent(next::add);
            }
        }
        if (happens.contains(Event.BY_HAND)) {
            byHand(state).forEach(next::add);
        }
        if (state.away() >= 0) {
            next.add(back(state));
        }
        return next;
    }

    /// What controllers can do: each applies the head.
    private List<State> applied(State state) {
        var next = new ArrayList<State>();
        for (int cluster = 0; cluster < clusters; cluster++) {
            if (isAwake(state, cluster) && held(state, cluster) != state.head()) {
                if (admits(state, cluster, state.head())) {
                    next.add(written(state, cluster, state.head()));
                }
            }
        }
        return next;
    }

    /// An older commit reaches one cluster in the instant in which the head reaches another.
    private Optional<State> race(State state, int one, int other) {
        var old = state.head() - 1;
        var possible =
                old >= 0
                        && isAwake(state, one)
                        && isAwake(state, other)
                        && held(state, one) != state.head()
                        && held(state, other) != old
                        && admits(state, one, state.head())
                        && admits(state, other, old);
        return possible
                ? Optional.of(written(written(state, one, state.head()), other, old))
                : Optional.empty();
    }

    boolean admits(State state, int cluster, int version) {
        if (state.away() != cluster) {
            return admits(state, cluster, version, state.histories().get(cluster));
        }
        return happens.contains(Event.OUTAGE)
                || (!state.missed() && admits(state, cluster, version, state.seen()));
    }

    private boolean admits(State state, int cluster, int version, History history) {
        var after = VERSIONS.get(version);
        var change =
                held(state, cluster) >= 0
                        ? new Change.Updated(VERSIONS.get(held(state, cluster)), after)
                        : new Change.Created(after, history.deleted());
        var findings =
                new RolloutRules(name(cluster)).examine(change, views(state, cluster), history);
        return new Enforcement(Level.DENY, Severity.WARN, Set.of())
                .weigh(change, findings).stream()
                        .noneMatch(
                                it ->
                                        refused.test(it.finding())
                                                || (it.severity() == Severity.DENY
                                                        && !admitted.test(it.finding())));
    }

    private State written(State state, int cluster, int version) {
        var held = new ArrayList<>(state.held());
        var before = held.set(cluster, version);
        var histories = new ArrayList<History>();
        for (int webhook = 0; webhook < clusters; webhook++) {
            var history = state.histories().get(webhook);
            if (webhook != state.away() && remembers) {
                history =
                        webhook == cluster
                                ? history.here(traceOf(version), 0, true)
                                : before >= 0 && version >= 0
                                        ? history.moved(print(before), print(version), 0)
                                        : history;
            }
            histories.add(history);
        }
        return settled(
                new State(
                        held,
                        histories,
                        state.head(),
                        state.made(),
                        state.asleep(),
                        state.away(),
                        state.missed() || cluster == state.away()));
    }

    /// It looks at its own cluster.
    private State back(State state) {
        var histories = new ArrayList<>(state.histories());
        var here = traceOf(held(state, state.away()));
        if (remembers) {
            histories.set(state.away(), histories.get(state.away()).here(here, 0, false));
        }
        return settled(
                new State(
                        state.held(),
                        histories,
                        state.head(),
                        state.made(),
                        state.asleep(),
                        -1,
                        false));
    }

    /// Histories end where all agree; and so that there are not too many states, times are only an
    /// order.
    private State settled(State state) {
        var agree = state.held().stream().distinct().count() == 1;
        var histories = new ArrayList<History>();
        for (int webhook = 0; webhook < clusters; webhook++) {
            var history = state.histories().get(webhook);
            histories.add(plain(agree && webhook != state.away() ? history.settled(0) : history));
        }
        return new State(
                state.held(),
                histories,
                state.head(),
                state.made(),
                state.asleep(),
                state.away(),
                state.missed());
    }

    /// Changes are judged alike whenever a move was seen, and whether it was watched.
    private static History plain(History history) {
        var moves =
                history.moves().stream()
                        .map(it -> new History.Move(it.from(), it.to(), 1, true))
                        .sorted(
                                Comparator.comparing(History.Move::from)
                                        .thenComparing(History.Move::to))
                        .toList();
        return new History(
                history.held(),
                0,
                moves,
                history.held().isPresent()
                        ? Optional.empty()
                        : history.deleted().map(it -> new History.Deletion(it, 0, true)));
    }

    private State committed(State state, int version) {
        return new State(
                state.held(),
                state.histories(),
                version,
                state.made() + 1,
                state.asleep(),
                state.away(),
                state.missed());
    }

    private State asleep(State state, int cluster) {
        var asleep = new TreeSet<>(state.asleep());
        asleep.add(cluster);
        return new State(
                state.held(),
                state.histories(),
                state.head(),
                state.made(),
                asleep,
                state.away(),
                state.missed());
    }

    private State away(State state, int cluster) {
        return new State(
                state.held(),
                state.histories(),
                state.head(),
                state.made(),
                state.asleep(),
                cluster,
                false);
    }

    private boolean mayFallAsleep(State state, int cluster) {
        if (!isAwake(state, cluster)) {
            return false;
        }
        return happens.contains(Event.SUSPENDED)
                || (happens.contains(Event.SUSPENDED_BEHIND) && isBehind(state, cluster));
    }

    /// Nobody has to catch up with it.
    private boolean isBehind(State state, int cluster) {
        return IntStream.range(0, clusters)
                .filter(it -> held(state, it) != held(state, cluster))
                .noneMatch(
                        it ->
                                held(state, it) < 0
                                        || state.seen()
                                                .isBefore(
                                                        print(held(state, it)),
                                                        print(held(state, cluster))));
    }

    private static List<Integer> versionsByHand(State state) {
        var versions = new ArrayList<>(List.of(NOBODYS_COMMIT));
        IntStream.rangeClosed(0, newest(state)).forEach(versions::add);
        return versions;
    }

    private static int newest(State state) {
        return Math.max(
                state.head(),
                state.held().stream()
                        .mapToInt(it -> it == NOBODYS_COMMIT ? 0 : it)
                        .max()
                        .orElse(0));
    }

    private List<PeerView> views(State state, int observer) {
        var views = new ArrayList<PeerView>();
        for (int peer = 0; peer < clusters; peer++) {
            if (peer != observer) {
                views.add(
                        held(state, peer) < 0
                                ? new PeerView.Lacks(name(peer))
                                : new PeerView.Holds(
                                        name(peer), version(held(state, peer)), Revision.NONE));
            }
        }
        return views;
    }

    private static boolean isAwake(State state, int cluster) {
        return !state.asleep().contains(cluster);
    }

    private static int held(State state, int cluster) {
        return state.held().get(cluster);
    }

    private static Optional<Trace> traceOf(int version) {
        return version < 0 ? Optional.empty() : Optional.of(trace(version));
    }

    private static Trace trace(int version) {
        return TRACES.get(version);
    }

    private static Fingerprint print(int version) {
        return trace(version).version();
    }

    private static Version version(int version) {
        return VERSIONS.get(version).version();
    }

    private static ClusterName name(int cluster) {
        return new ClusterName("cluster" + (cluster + 1));
    }
}
