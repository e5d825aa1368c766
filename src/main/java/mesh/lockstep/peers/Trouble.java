package mesh.lockstep.peers;

import java.time.Duration;
import java.util.Set;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Cause;

/// Why a peer cannot be read just now.
///
/// @param cause for people, in a few words
/// @param notBefore how long the peer wants to be left alone; zero if it did not say
/// @param refused whether it answered that it does not let us
record Trouble(String cause, Duration notBefore, boolean refused) {

    static final Set<Integer> REFUSALS = Set.of(401, 403);

    static Trouble of(String cause) {
        return new Trouble(cause, Duration.ZERO, false);
    }

    /// @param answer that was of no use
    /// @param verb what was tried, in the words of Kubernetes: `list`, `watch`, `get`
    static Trouble of(Answer answer, String verb, String resource) {
        var cause = Cause.of(answer, verb, resource);
        return answer instanceof Answer.Rejected rejected
                ? new Trouble(cause, rejected.retryAfter(), REFUSALS.contains(rejected.code()))
                : Trouble.of(cause);
    }
}
