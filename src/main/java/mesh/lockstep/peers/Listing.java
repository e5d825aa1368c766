package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import mesh.lockstep.peers.Answer.Given;
import mesh.lockstep.peers.DigestStore.Held;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;

/// What comes of listing all policies of a kind.
sealed interface Listing {

    /// All that the peer holds.
    ///
    /// @param resourceVersion of the collection: a watch from here on misses nothing
    record Complete(Map<PolicyKey, Held> policies, String resourceVersion) implements Listing {}

    record Failed(Trouble trouble) implements Listing {}

    /// Lists page by page; of each policy only the digest is kept.
    static Listing of(PeerApi api, Kind kind, Digesting digesting) throws InterruptedException {
        var policies = new HashMap<PolicyKey, Held>();
        var nameless = new AtomicBoolean();
        var next = "";
        while (true) {
            var answer =
                    api.list(
                            kind,
                            next,
                            item -> {
                                var object = new PolicyObject(kind, item);
                                if (object.isNamed()) {
                                    policies.put(digesting.key(object), digesting.held(object));
                                } else {
                                    nameless.set(true);
                                }
                            });
            if (!(answer instanceof Given(var page, _) && isPage(page))) {
                return new Failed(Trouble.of(answer, "list", kind.plural()));
            }
            if (nameless.get()) {
                return new Failed(Trouble.of("its list has an item without a proper name"));
            }
            next = page.path("metadata").path("continue").asText();
            if (next.isEmpty()) {
                return new Complete(policies, version(page));
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
