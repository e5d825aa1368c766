package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;

/// Whom a cluster knows, by its Secret `lockstep-peers`.
sealed interface Introductions {

    /// Where Lockstep is.
    String NAMESPACE = "lockstep";

    /// Has a file for each peer.
    String SECRET = "lockstep-peers";

    String SECRETS = "api/v1/namespaces/" + NAMESPACE + "/secrets/";

    /// They are known.
    ///
    /// @param files by the peers' names
    record Known(SortedMap<String, PeerFile> files) implements Introductions {}

    /// They may not be read.
    ///
    /// @param answer in the place of the Secret
    record Hidden(Answer answer) implements Introductions {

        Outcome outcome() {
            return Outcome.unread(answer, "get", "secrets");
        }
    }

    static Introductions read(ApiServer api) throws InterruptedException {
        var answer = api.get(SECRETS + SECRET);
        if (answer instanceof Given(var secret, _)) {
            return new Known(files(secret));
        }
        return Outcome.isAbsent(answer) ? new Known(new TreeMap<>()) : new Hidden(answer);
    }

    private static SortedMap<String, PeerFile> files(JsonNode secret) {
        var files = new TreeMap<String, PeerFile>();
        for (var entry : secret.path("data").properties()) {
            var bytes = Base64.getDecoder().decode(entry.getValue().asText());
            files.put(entry.getKey(), PeerFile.of(entry.getKey(), bytes));
        }
        return files;
    }
}
