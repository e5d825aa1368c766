package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.rollout.MemberSettings;

/// A cluster that answers to a context of the user's.
///
/// @param callsItself its name in the mesh, by Cilium's configuration; empty where that may not be
///   read, or says none
/// @param uid of the namespace `kube-system`, which no two clusters have in common; empty where it
///   may not be read
record Cluster(String context, ApiServer api, Optional<String> callsItself, Optional<String> uid) {

    /// What became of a context.
    sealed interface Arrival {

        String context();

        record Here(Cluster cluster) implements Arrival {
            @Override
            public String context() {
                return cluster.context();
            }
        }

        /// Nobody answers who can be used.
        ///
        /// @param cause for people, in a few words
        record NotHere(String context, String cause) implements Arrival {}
    }

    /// Asks it who it is.
    static Arrival ask(String context, Connection connection) throws InterruptedException {
        try {
            var api = connection.server(context);
            var namespace = api.get(PeerApi.KUBE_SYSTEM);
            if (!(namespace instanceof Given) && !isForbidden(namespace)) {
                return new Arrival.NotHere(context, Cause.of(namespace, "get", "namespaces"));
            }
            var config = api.get(PeerApi.CILIUM_CONFIG);
            return new Arrival.Here(
                    new Cluster(
                            context,
                            api,
                            text(config, "/data/" + MemberSettings.NAME),
                            text(namespace, "/metadata/uid")));
        } catch (Unusable e) {
            return new Arrival.NotHere(context, String.valueOf(e.getMessage()));
        }
    }

    /// Its name in the mesh, or else its context.
    String name() {
        return callsItself.orElse(context);
    }

    static boolean isForbidden(Answer answer) {
        return answer instanceof Rejected rejected && rejected.code() == ApiServer.FORBIDDEN;
    }

    private static Optional<String> text(Answer answer, String pointer) {
        return Optional.of(answer)
                .filter(Given.class::isInstance)
                .map(each -> ((Given) each).json().at(pointer))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(text -> !text.isEmpty());
    }
}
