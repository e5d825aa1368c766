package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.vigil.Heartbeat;
import org.jspecify.annotations.Nullable;

/// The outcome of listing all policies of a kind.
sealed interface Listing {

    String NAMELESS = "its list has an item without a valid name";
    String TOO_MANY = "holds more policies than there is memory for";

    /// All that the peer holds.
    ///
    /// @param resourceVersion of the collection: a watch from here on misses nothing
    record Complete(Hoard hoard, String resourceVersion) implements Listing {}

    record Failed(Trouble trouble) implements Listing {}

    /// Lists page by page; of each policy only the digest is kept.
    ///
    /// @param bounds applied to what came so far, whenever there is more
    /// @param until when the whole list has to be there
    /// @param turned beats with each page
    static Listing of(
            PeerApi api,
            Kind kind,
            Digesting digesting,
            Consumer<Hoard> bounds,
            Deadline until,
            Heartbeat turned)
            throws InterruptedException {
        return new Pages(kind, digesting, bounds).read(api, until, turned);
    }

    /// The pages that came so far.
    final class Pages {

        /// Pages of 500 policies each.
        static final int MOST = 1_000;

        private final Kind kind;
        private final Digesting digesting;
        private final Consumer<Hoard> bounds;
        private final Hoard hoard = new Hoard();
        private @Nullable String problem;

        private Pages(Kind kind, Digesting digesting, Consumer<Hoard> bounds) {
            this.kind = kind;
            this.digesting = digesting;
            this.bounds = bounds;
        }

        private Listing read(PeerApi api, Deadline until, Heartbeat turned)
                throws InterruptedException {
            var next = "";
            for (int i = 0; i < MOST; i++) {
                var answer = api.list(kind, next, until, this::add);
                turned.beat();
                if (problem != null) {
                    return failed(problem);
                }
                if (until.isPast()) {
                    return failed("its list does not come to an end in time");
                }
                if (answer instanceof Given(var list, _) && hasOther(list)) {
                    return failed(NAMELESS);
                }
                if (!(answer instanceof Given(var page, _) && isPage(page))) {
                    return new Failed(Trouble.of(answer, "list", kind.plural()));
                }
                next = page.path("metadata").path("continue").asText();
                if (next.isEmpty()) {
                    return new Complete(hoard, version(page));
                }
            }
            return failed("its list has more than %,d pages".formatted(MOST));
        }

        private void add(JsonNode item) {
            var object = new PolicyObject(kind, item);
            if (!object.isNamed()) {
                problem = NAMELESS;
            } else if (problem == null && hoard.givenUp(object.namespace()).isEmpty()) {
                var _ = hoard.put(digesting.key(object), digesting.held(object));
                bounds.accept(hoard);
                problem = hoard.hasGivenUpTooMany() ? TOO_MANY : null;
            }
        }
    }

    private static Failed failed(String cause) {
        return new Failed(Trouble.of(cause));
    }

    /// Whether one of its items is not an object, see [ListPage#around()].
    private static boolean hasOther(JsonNode page) {
        return page.path("items").isArray()
                && page.path("items").valueStream().anyMatch(node -> !node.isInt());
    }

    /// An empty object, from whatever answers in place of the API server, is not an empty list.
    private static boolean isPage(JsonNode page) {
        return page.path("items").isArray() && !version(page).isEmpty();
    }

    private static String version(JsonNode page) {
        return page.path("metadata").path("resourceVersion").asText();
    }
}
