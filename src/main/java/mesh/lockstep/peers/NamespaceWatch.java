package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.apiserver.PeerApi.Opening.Declined;
import mesh.lockstep.apiserver.PeerApi.Opening.Opened;
import mesh.lockstep.apiserver.Progress;
import mesh.lockstep.apiserver.WatchEvent.Over;
import mesh.lockstep.apiserver.WatchEvent.Told;
import mesh.lockstep.apiserver.WatchStream;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.vigil.Heartbeat;

/// Lists the namespaces of a member, and follows what happens to them.
///
/// For one thread.
final class NamespaceWatch {

    /// Nobody has 200,000 namespaces.
    private static final int MAX_PAGES = 400;

    private static final int GONE = 410;

    private final PeerApi api;
    private final Pace pace;
    private final Backoff backoff;
    private final Memory memory;
    private final Inflow inflow = new Inflow(System::nanoTime);

    /// Where the next watch begins.
    private Progress progress = Progress.NONE;

    private Heartbeat heartbeat = () -> {};

    /// What keeps them.
    interface Memory {

        /// Another list begins; what is known counts until it is complete.
        void begin();

        /// Takes one of the list.
        void listed(JsonNode namespace);

        /// There are no others than those that were listed.
        void complete();

        /// One is new, or has changed.
        void present(JsonNode namespace);

        void deleted(JsonNode namespace);

        /// A watch is over, of which nothing more will come.
        default void ended() {}
    }

    /// @param backoff that is used between two watches as well
    NamespaceWatch(PeerApi api, Pace pace, Backoff backoff, Memory memory) {
        this.api = api;
        this.pace = pace;
        this.backoff = backoff;
        this.memory = memory;
    }

    /// @param turned beats while this works
    void beat(Heartbeat turned) {
        heartbeat = turned;
    }

    /// Lists them all.
    ///
    /// @return the answer with the last page, or what was answered in the place of one
    Answer list(Deadline until) throws InterruptedException {
        memory.begin();
        var next = "";
        for (int i = 0; i < MAX_PAGES; i++) {
            heartbeat.beat();
            var answer = api.namespaces(next, until, memory::listed);
            if (!(answer instanceof Given(var page, _))) {
                return answer;
            }
            if (version(page).isEmpty()) {
                return new Answer.Lost("unexpected answer");
            }
            next = page.path("metadata").path("continue").asText();
            if (next.isEmpty()) {
                memory.complete();
                progress = new Progress(version(page));
                return answer;
            }
        }
        return new Answer.Lost("more than " + MAX_PAGES + " pages");
    }

    /// Whether it is still the member that was listed.
    interface Check {
        boolean passes() throws InterruptedException;
    }

    /// Watches one after the other, until what is missing has to be listed.
    ///
    /// @param same asked between two watches
    /// @return what is wrong; empty if it is only time to list
    Optional<Trouble> follow(Check same) throws InterruptedException {
        var listedAgain = Deadline.in(pace.anew().plus(Chance.upTo(pace.anew())));
        while (!listedAgain.isPast()) {
            heartbeat.beat();
            switch (api.watchNamespaces(progress.resourceVersion(), pace.watch())) {
                case Declined(Rejected rejected) when rejected.code() == GONE -> {
                    return Optional.empty();
                }
                case Declined(var answer) -> {
                    return Optional.of(Trouble.of(answer, "watch", "namespaces"));
                }
                case Opened(var stream) -> {
                    backoff.reset();
                    switch (takeIn(stream)) {
                        case Over.Closed _ -> {}
                        case Over.Expired _ -> {
                            return Optional.empty();
                        }
                        case Over.Failed(var cause) -> {
                            return Optional.of(Trouble.of(cause));
                        }
                    }
                }
            }
            backoff.pause();
            if (!same.passes()) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Over takeIn(WatchStream stream) throws InterruptedException {
        var deadline = Deadline.in(pace.watch().plus(pace.grace()));
        try (stream) {
            while (true) {
                heartbeat.beat();
                switch (stream.next(deadline)) {
                    case Told _ when !inflow.takes(stream.size()) -> {
                        return new Over.Failed("sends more than can be followed");
                    }
                    case Told told when progress.isBroken(told) -> {
                        return new Over.Failed("events out of order");
                    }
                    case Told told -> takeIn(told);
                    case Over over -> {
                        return over;
                    }
                }
            }
        } finally {
            memory.ended();
        }
    }

    private void takeIn(Told told) {
        switch (told) {
            case Told.Present(var namespace) -> memory.present(namespace);
            case Told.Deleted(var namespace) -> memory.deleted(namespace);
            case Told.Bookmark _ -> {}
        }
        progress = new Progress(version(told.object()));
    }

    static String name(JsonNode namespace) {
        return namespace.path("metadata").path("name").asText();
    }

    private static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }
}
