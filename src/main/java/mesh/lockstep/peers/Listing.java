package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import mesh.lockstep.peers.Answer.Given;
import mesh.lockstep.peers.DigestStore.Held;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;

/// What comes of listing all policies of a kind.
sealed interface Listing {

    /// All that the peer holds.
    ///
    /// @param resourceVersion of the collection: a watch from here on misses nothing
    record Complete(Map<PolicyKey, Held> policies, String resourceVersion) implements Listing {}

    record Failed(String cause) implements Listing {}

    /// Lists page by page; only the digests of a page are kept while the next one comes.
    static Listing of(PeerApi api, Kind kind, PolicyReader reader) throws InterruptedException {
        var policies = new HashMap<PolicyKey, Held>();
        var next = "";
        while (true) {
            switch (api.list(kind, next)) {
                case Given(var page) when isPage(page) -> {
                    for (var item : page.path("items")) {
                        var object = new PolicyObject(kind, item);
                        policies.put(object.key(), object.held(reader));
                    }
                    next = page.path("metadata").path("continue").asText();
                    if (next.isEmpty()) {
                        return new Complete(policies, version(page));
                    }
                }
                case Answer answer -> {
                    return new Failed(Cause.of(answer, "list", kind));
                }
            }
        }
    }

    /// An empty object, from whatever stands in the API server's place, is no empty list.
    private static boolean isPage(JsonNode page) {
        return page.path("items").isArray() && !version(page).isEmpty();
    }

    private static String version(JsonNode page) {
        return page.path("metadata").path("resourceVersion").asText();
    }
}
