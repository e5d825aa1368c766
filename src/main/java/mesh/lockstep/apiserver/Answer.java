package mesh.lockstep.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/// The outcome of a request to a peer's API server.
public sealed interface Answer {

    /// What we asked for.
    ///
    /// @param flowSchema see [#flowSchema()]
    record Given(JsonNode json, String flowSchema) implements Answer {}

    /// The peer answered, and not with what we asked for.
    ///
    /// @param code of HTTP, other than 200
    /// @param status the `Status` that came with it; a missing node if there was none
    /// @param retryAfter how long the peer wants to be left alone; zero if it did not say
    /// @param flowSchema see [#flowSchema()]
    record Rejected(int code, JsonNode status, Duration retryAfter, String flowSchema)
            implements Answer {}

    /// No answer came, or none that can be read.
    record Lost(String cause) implements Answer {
        @Override
        public String flowSchema() {
            return "";
        }
    }

    /// The uid of the FlowSchema that the API server took the request for; empty if it does not
    /// say. With API Priority and Fairness, which is on by default, each of its answers does
    /// (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#diagnostics).
    String flowSchema();
}
