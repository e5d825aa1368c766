package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.PeerApi;
import org.jspecify.annotations.Nullable;

/// Which cluster answers at a peer's address, by what no two clusters share: the uid of the
/// namespace `kube-system`. The cluster that answers first is the one that is meant, until the
/// peer's file changes.
final class Identity {

    static final String OWN = "its address points at this cluster";
    static final String ANOTHER = "its address points at a different cluster than before";

    /// Characters of a uid: API servers make 36.
    private static final int LONGEST = 253;

    private final PeerApi api;
    private final Supplier<Optional<String>> own;
    private @Nullable String meant;
    private volatile @Nullable String doubt;

    /// When an answer last showed that it is the cluster that is meant; empty if none did.
    private volatile String flowSchema = "";

    /// An identity that is not known yet.
    ///
    /// @param own the uid of this cluster, once it is known
    Identity(PeerApi api, Supplier<Optional<String>> own) {
        this.api = api;
        this.own = own;
    }

    /// What was wrong when it was last checked; empty if nothing was, or nobody answered.
    Optional<String> doubt() {
        return Optional.ofNullable(doubt);
    }

    /// Asks the cluster who it is; by any thread.
    ///
    /// @return why this is not the cluster that is meant, or that there was no answer
    Optional<Trouble> check(Duration atMost) throws InterruptedException {
        return switch (api.kubeSystem(atMost)) {
            case Given(var namespace, var schema) when !uid(namespace).isEmpty() ->
                    compare(uid(namespace), schema).map(Trouble::of);
            case Answer answer -> Optional.of(Trouble.of(answer, "get", "namespaces"));
        };
    }

    /// Whether an answer shows by itself that the cluster that is meant gave it: it names an object
    /// with a uid that no other cluster has, and that was seen together with the namespace's. That
    /// spares a second request, and proves more: it is about this very answer, whatever connection
    /// the other one would take.
    boolean isShownBy(Answer answer) {
        return !answer.flowSchema().isEmpty() && answer.flowSchema().equals(flowSchema);
    }

    private static String uid(JsonNode namespace) {
        var uid = namespace.at("/metadata/uid");
        return uid.isTextual() && uid.textValue().length() <= LONGEST ? uid.textValue() : "";
    }

    private synchronized Optional<String> compare(String uid, String schema) {
        if (own.get().filter(uid::equals).isPresent()) {
            doubt = OWN;
        } else if (meant == null || meant.equals(uid)) {
            meant = uid;
            doubt = null;
        } else {
            doubt = ANOTHER;
        }
        flowSchema = doubt == null ? schema : "";
        return doubt();
    }
}
