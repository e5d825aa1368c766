package mesh.lockstep.apiserver;

import com.fasterxml.jackson.databind.JsonNode;

/// What a watch says next.
public sealed interface WatchEvent {

    sealed interface Told extends WatchEvent {

        JsonNode object();

        /// Added or modified.
        record Present(JsonNode object) implements Told {}

        record Deleted(JsonNode object) implements Told {}

        /// All changes up to the object's version were told.
        record Bookmark(JsonNode object) implements Told {}
    }

    /// There are no further events.
    sealed interface Over extends WatchEvent {

        /// As every watch ends some time: the peer ended it, or its connection broke.
        record Closed() implements Over {}

        /// The peer does not remember any more what happened since our version.
        record Expired() implements Over {}

        record Failed(String cause) implements Over {}
    }
}
