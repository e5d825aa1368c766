package mesh.lockstep.peers;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.apiserver.PeerApi.Opening.Declined;
import mesh.lockstep.apiserver.PeerApi.Opening.Opened;
import mesh.lockstep.apiserver.Progress;
import mesh.lockstep.apiserver.WatchEvent.Over;
import mesh.lockstep.apiserver.WatchEvent.Told;
import mesh.lockstep.apiserver.WatchStream;
import mesh.lockstep.peers.Turns.Turn;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Work;
import org.jboss.logging.Logger;

/// Keeps a memory of what one peer holds of one kind: lists, then watches, and starts again
/// whenever that ends, until its thread is interrupted.
///
/// A watch lasts half as long as memory is believed, then is opened again from where it ended. That
/// costs a request and proves twice in that time that the peer is there and has told us all: an
/// open connection alone proves nothing, and bookmarks come too seldom.
final class PolicyWatch implements Work {

    private static final Logger LOG = Logger.getLogger(PolicyWatch.class);

    private static final int GONE = 410;

    private static final String ENDED = "its watch ended and is being restarted";

    /// To say which cluster it is.
    private static final Duration CHECK = Duration.ofSeconds(10);

    /// Watches that end sooner are not opened again at once.
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final ClusterName peer;
    private final PeerApi api;
    private final Identity identity;
    private final Kind kind;
    private final Digesting digesting;
    private final Pace pace;
    private final Turns turns;
    private final Turns.Visitor visitor;
    private final HeldPolicies held;
    private final Freshness freshness;
    private final Backoff backoff;

    /// Where the next watch begins.
    private Progress progress = Progress.NONE;

    private Heartbeat heartbeat = () -> {};

    /// How long the peer took last to say who it is.
    private Duration latency = Duration.ZERO;

    /// Whether the peer did not let us when it was tried last.
    private boolean refused;

    PolicyWatch(
            ClusterName peer,
            PeerApi api,
            Identity identity,
            Kind kind,
            Digesting digesting,
            Turns.Visitor visitor,
            Predicate<String> apart,
            Surroundings surroundings) {
        this.peer = peer;
        this.api = api;
        this.identity = identity;
        this.kind = kind;
        this.digesting = digesting;
        this.pace = surroundings.pace();
        this.turns = surroundings.turns();
        this.visitor = visitor;
        var store =
                new DigestStore(
                        surroundings.changed(),
                        surroundings.own()
                                ? Steps.here(surroundings.movements())
                                : Steps.there(peer, surroundings.movements(), apart),
                        surroundings.most(),
                        surroundings.allowance().share());
        this.held = new HeldPolicies(kind, digesting, store, surroundings.changedIn());
        this.freshness = new Freshness(pace.staleAfter(), System::nanoTime);
        this.backoff = pace.backoff();
    }

    DigestStore store() {
        return held.store();
    }

    Freshness freshness() {
        return freshness;
    }

    @Override
    public void run(Heartbeat turned) throws InterruptedException {
        heartbeat = turned;
        try {
            while (true) {
                heartbeat.beat();
                Thread.sleep(turns.spread(pace));
                var trouble = listAndFollow();
                trouble.map(Trouble::cause).ifPresent(freshness::lost);
                heed(trouble.filter(Trouble::refused).isPresent());
                backoff.pause(trouble.map(Trouble::notBefore).orElse(Duration.ZERO));
            }
        } finally {
            // Whatever ended it: nobody follows any more until it is started again.
            freshness.lost(ENDED);
        }
    }

    /// An API server that has just started knows nobody's rights for a moment: after the first
    /// refusal it is tried again soon, however long it was away, and then at growing distances.
    private void heed(boolean refusal) {
        if (refusal && !refused && freshness.synced()) {
            backoff.reset();
        }
        refused = refusal;
    }

    /// Returns when there is reason to list again: what went wrong, or nothing if only what
    /// happened since we last heard from the peer is not known.
    private Optional<Trouble> listAndFollow() throws InterruptedException {
        try {
            var trouble = list();
            return trouble.isPresent() ? trouble : follow();
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                // The client was closed under it.
                throw new InterruptedException();
            }
            var cause = "its " + kind.plural() + " cannot be read";
            if (freshness.doubt().filter(cause::equals).isEmpty()) {
                LOG.errorf(e, "Cannot read %s of cluster %s; will retry", kind.plural(), peer);
            }
            return Optional.of(Trouble.of(cause));
        }
    }

    /// A peer that does not answer a small question does not wait for a turn: it would keep others
    /// waiting.
    private Optional<Trouble> list() throws InterruptedException {
        var stranger = stranger();
        if (stranger.isPresent()) {
            return stranger;
        }
        try (var turn = visitor.take(latency, heartbeat)) {
            return list(turn);
        }
    }

    private Optional<Trouble> list(Turn turn) throws InterruptedException {
        return switch (listing(turn)) {
            case Listing.Failed(var trouble) -> Optional.of(trouble);
            case Listing.Complete(_, var version)
                    when progress.isBeyond(version) && freshness.isFresh() ->
                    Optional.of(Trouble.of("returns outdated data"));
            case Listing.Complete(var hoard, var version) -> {
                held.replace(hoard);
                freshness.heard();
                progress = new Progress(version);
                yield Optional.empty();
            }
        };
    }

    private Listing listing(Turn turn) throws InterruptedException {
        return Listing.of(
                api, kind, digesting, held.store()::keepWithinBounds, turn.until(), heartbeat);
    }

    private Optional<Trouble> stranger() throws InterruptedException {
        var begun = System.nanoTime();
        var stranger = identity.check(CHECK);
        latency = Duration.ofNanos(System.nanoTime() - begun);
        return stranger;
    }

    private Optional<Trouble> follow() throws InterruptedException {
        var listedAgain = nextListing();
        while (true) {
            heartbeat.beat();
            var begun = System.nanoTime();
            switch (api.watch(kind, progress.resourceVersion(), pace.watch())) {
                case Opened(var stream) -> {
                    freshness.inSync();
                    var over = takeIn(stream);
                    if (!(over instanceof Over.Closed)) {
                        return troubleOf(over);
                    }
                }
                case Declined(Rejected rejected) when rejected.code() == GONE -> {
                    return Optional.empty();
                }
                case Declined(var answer) -> {
                    return Optional.of(Trouble.of(answer, "watch", kind.plural()));
                }
            }
            pace(Duration.ofNanos(System.nanoTime() - begun));
            var stranger = stranger();
            if (stranger.isPresent()) {
                return stranger;
            }
            // Followed on until there is a turn: while waiting, what is known would grow old.
            var turn = listedAgain.isPast() ? visitor.tryTake(latency) : Optional.<Turn>empty();
            if (turn.isPresent()) {
                try (var taken = turn.get()) {
                    var trouble = list(taken);
                    if (trouble.isPresent()) {
                        return trouble;
                    }
                }
                listedAgain = nextListing();
            }
        }
    }

    private Deadline nextListing() {
        return Deadline.in(pace.anew().plus(Chance.upTo(pace.anew())));
    }

    private Over takeIn(WatchStream stream) throws InterruptedException {
        var deadline = Deadline.in(pace.watch().plus(pace.grace()));
        try (stream) {
            while (true) {
                switch (stream.next(deadline, held.store().givenUp())) {
                    case Told told when progress.isBroken(told) -> {
                        return new Over.Failed("events out of order");
                    }
                    case Told told -> {
                        var problem = held.take(told, stream.size());
                        if (problem.isPresent()) {
                            return new Over.Failed(problem.get());
                        }
                        progress =
                                new Progress(
                                        new PolicyObject(kind, told.object()).resourceVersion());
                        freshness.heard();
                        heartbeat.beat();
                    }
                    case Over over -> {
                        return over;
                    }
                }
            }
        }
    }

    private static Optional<Trouble> troubleOf(Over over) {
        return over instanceof Over.Failed(var cause)
                ? Optional.of(Trouble.of(cause))
                : Optional.empty();
    }

    private void pace(Duration lasted) throws InterruptedException {
        if (lasted.compareTo(SHORT) < 0) {
            backoff.pause();
        } else {
            backoff.reset();
        }
    }
}
