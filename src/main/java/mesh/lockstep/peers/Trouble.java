package mesh.lockstep.peers;

import java.time.Duration;

/// Why a peer cannot be read just now.
///
/// @param cause for people, in a few words
/// @param notBefore how long the peer wants to be left alone; zero if it did not say
record Trouble(String cause, Duration notBefore) {

    static Trouble of(String cause) {
        return new Trouble(cause, Duration.ZERO);
    }

    /// @param answer that was no use
    /// @param verb what was tried, in the words of Kubernetes: `list`, `watch`, `get`
    static Trouble of(Answer answer, String verb, String resource) {
        var notBefore =
                answer instanceof Answer.Rejected rejected ? rejected.retryAfter() : Duration.ZERO;
        return new Trouble(Cause.of(answer, verb, resource), notBefore);
    }
}
