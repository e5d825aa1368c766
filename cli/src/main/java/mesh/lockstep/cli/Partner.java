package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.cli.Introductions.Hidden;
import mesh.lockstep.cli.Introductions.Known;
import mesh.lockstep.policy.ClusterName;

/// A cluster that is connected or disconnected, and what it has for that.
///
/// @param uid of its namespace `kube-system`
/// @param known what it has of its peers, by their names
/// @param markers the uids of the Secrets without which its peers' tokens are revoked, by the
///   Secrets' names
/// @param account the uid of its peers' account; empty if there is none
record Partner(
        String context,
        ApiServer api,
        ClusterName name,
        String uid,
        SortedMap<String, PeerFile> known,
        Map<String, String> markers,
        String account) {

    /// Which labels the Secrets have that tokens are bound to.
    private static final String MARKED =
            "api/v1/namespaces/lockstep/secrets?labelSelector=app.kubernetes.io/name%3D"
                    + Account.NAME;

    /// @throws Unusable with what cannot be read, for people
    static Partner of(Cluster cluster, ClusterName name, String uid, Map<String, String> markers)
            throws Unusable, InterruptedException {
        var api = cluster.api();
        return switch (Introductions.read(api)) {
            case Hidden(var answer) -> throw new Unusable(Cause.of(answer, "get", "secrets"));
            case Known(var files) ->
                    new Partner(cluster.context(), api, name, uid, files, markers, account(api));
        };
    }

    /// @throws Unusable with why they cannot be read, for people
    static Map<String, String> markers(ApiServer api) throws Unusable, InterruptedException {
        var answer = api.get(MARKED);
        if (!(answer instanceof Given(var list, _))) {
            throw new Unusable(Cause.of(answer, "list", "secrets"));
        }
        var markers = new HashMap<String, String>();
        for (var secret : list.path("items")) {
            markers.put(secret.at("/metadata/name").asText(), uid(secret));
        }
        return markers;
    }

    private static String account(ApiServer api) throws Unusable, InterruptedException {
        var answer = api.get(Account.PATH);
        if (answer instanceof Given(var account, _)) {
            return uid(account);
        }
        if (Outcome.isAbsent(answer)) {
            return "";
        }
        throw new Unusable(Cause.of(answer, "get", "serviceaccounts"));
    }

    static String uid(JsonNode object) {
        return object.at("/metadata/uid").asText();
    }

    /// What became of a change, for people; empty if it was made, or there was nothing to change.
    static String problem(Answer answer, String verb, String resource) {
        return answer instanceof Given || Outcome.isAbsent(answer)
                ? ""
                : Cause.of(answer, verb, resource);
    }

    /// Never what it knows.
    @Override
    public String toString() {
        return name.value();
    }
}
