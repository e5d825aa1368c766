package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/// What comes of a request to a peer's API server.
sealed interface Answer {

    record Given(JsonNode json) implements Answer {}

    /// The peer answered, and not with what we asked for.
    ///
    /// @param code of HTTP, other than 200
    /// @param status the `Status` that came with it; a missing node if there was none
    /// @param retryAfter how long the peer wants to be left alone; zero if it did not say
    record Rejected(int code, JsonNode status, Duration retryAfter) implements Answer {}

    /// None came, or none that can be read.
    record Lost(String cause) implements Answer {}
}
