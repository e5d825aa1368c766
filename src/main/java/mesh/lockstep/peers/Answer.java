package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;

/// What comes of a request to a peer's API server.
sealed interface Answer {

    record Given(JsonNode json) implements Answer {}

    /// The peer answered, and not with what we asked for.
    ///
    /// @param code of HTTP, other than 200
    /// @param status the `Status` that came with it; a missing node if there was none
    record Rejected(int code, JsonNode status) implements Answer {}

    /// None came, or none that can be read.
    record Lost(String cause) implements Answer {}
}
