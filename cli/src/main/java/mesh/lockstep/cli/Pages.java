package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Cause;

/// Reads a list of an API server page by page.
final class Pages {

    /// Pages of 500 items.
    private static final int MOST = 1_000;

    private Pages() {}

    /// Asks for one page.
    interface Page {

        /// Asks for what comes next.
        ///
        /// @param next the `continue` of the page before, empty for the first
        Answer of(String next) throws InterruptedException;
    }

    /// Hands over all items, one by one as they come.
    ///
    /// @param resource its name in the words of Kubernetes
    /// @return why the list could not be read to its end, for people; empty if it was
    static Optional<String> read(String resource, Page page) throws InterruptedException {
        var next = "";
        for (int i = 0; i < MOST; i++) {
            var answer = page.of(next);
            if (!(answer instanceof Given(var list, _) && isPage(list))) {
                return Optional.of(Cause.of(answer, "list", resource));
            }
            next = list.path("metadata").path("continue").asText();
            if (next.isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of("its list has more than %,d pages".formatted(MOST));
    }

    /// An empty object, from whatever answers in place of the API server, is not an empty list. Of
    /// an empty list of metadata, the items are null.
    private static boolean isPage(JsonNode list) {
        return list.has("items")
                && !list.path("metadata").path("resourceVersion").asText().isEmpty();
    }
}
