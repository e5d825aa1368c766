package mesh.lockstep.peers;

import java.time.Duration;
import java.util.Optional;
import mesh.lockstep.peers.Answer.Rejected;
import mesh.lockstep.peers.PeerApi.Opening.Declined;
import mesh.lockstep.peers.PeerApi.Opening.Opened;
import mesh.lockstep.peers.WatchEvent.Over;
import mesh.lockstep.peers.WatchEvent.Told;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;
import org.jboss.logging.Logger;

/// Keeps a memory of what one peer holds of one kind: lists, then watches, and starts again
/// whenever that ends, until its thread is interrupted.
///
/// A watch lasts half as long as memory is believed, then is opened again from where it ended. That
/// costs a request and proves twice in that time that the peer is there and has told us all: an
/// open connection alone proves nothing, and bookmarks come too seldom.
final class PolicyWatch implements Runnable {

    private static final Logger LOG = Logger.getLogger(PolicyWatch.class);

    private static final int GONE = 410;

    /// Over the end of a watch, until it is given up as half open.
    private static final Duration GRACE = Duration.ofSeconds(5);

    /// Watches that end sooner are not opened again at once.
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final PeerApi api;
    private final Kind kind;
    private final PolicyReader reader;
    private final Duration lasting;
    private final DigestStore store = new DigestStore();
    private final Freshness freshness;
    private final Backoff backoff = new Backoff();

    /// Where the next watch begins.
    private String resourceVersion = "";

    PolicyWatch(PeerApi api, Kind kind, PolicyReader reader, Duration staleAfter) {
        this.api = api;
        this.kind = kind;
        this.reader = reader;
        this.lasting = staleAfter.dividedBy(2);
        this.freshness = new Freshness(staleAfter, System::nanoTime);
    }

    DigestStore store() {
        return store;
    }

    Freshness freshness() {
        return freshness;
    }

    @Override
    public void run() {
        try {
            while (!Thread.interrupted()) {
                listAndFollow().ifPresent(freshness::lost);
                backoff.pause();
            }
        } catch (InterruptedException e) {
            // Asked to stop.
        }
    }

    /// Returns when there is reason to list again: what went wrong, or nothing if the peer only
    /// forgot what happened since we last heard of it.
    private Optional<String> listAndFollow() throws InterruptedException {
        try {
            return switch (Listing.of(api, kind, reader)) {
                case Listing.Failed(var cause) -> Optional.of(cause);
                case Listing.Complete(var policies, var version) -> {
                    store.replaceAll(policies);
                    resourceVersion = version;
                    yield follow();
                }
            };
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                // The client was closed under it.
                throw new InterruptedException();
            }
            var cause = "its " + kind.plural() + " cannot be read";
            if (freshness.doubt().filter(cause::equals).isEmpty()) {
                LOG.errorf(e, "Of a peer, %s", cause);
            }
            return Optional.of(cause);
        }
    }

    private Optional<String> follow() throws InterruptedException {
        while (true) {
            var begun = System.nanoTime();
            switch (api.watch(kind, resourceVersion, lasting)) {
                case Opened(var stream) -> {
                    freshness.inSync();
                    var over = takeIn(stream);
                    if (!(over instanceof Over.Closed)) {
                        return causeOf(over);
                    }
                }
                case Declined(Rejected(var code, _)) when code == GONE -> {
                    return Optional.empty();
                }
                case Declined(var answer) -> {
                    return Optional.of(Cause.of(answer, "watch", kind));
                }
            }
            pace(Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private Over takeIn(WatchStream stream) throws InterruptedException {
        var deadline = Deadline.in(lasting.plus(GRACE));
        try (stream) {
            while (true) {
                switch (stream.next(deadline)) {
                    case Told told -> takeIn(told);
                    case Over over -> {
                        return over;
                    }
                }
            }
        }
    }

    private void takeIn(Told told) {
        var object = new PolicyObject(kind, told.object());
        switch (told) {
            case Told.Present _ -> store.put(object.key(), object.held(reader));
            case Told.Deleted _ -> store.remove(object.key());
            case Told.Bookmark _ -> {}
        }
        resourceVersion = object.resourceVersion();
        freshness.heard();
    }

    private static Optional<String> causeOf(Over over) {
        return over instanceof Over.Failed(var cause) ? Optional.of(cause) : Optional.empty();
    }

    private void pace(Duration lasted) throws InterruptedException {
        if (lasted.compareTo(SHORT) < 0) {
            backoff.pause();
        } else {
            backoff.reset();
        }
    }
}
