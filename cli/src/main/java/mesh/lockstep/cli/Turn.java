package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Pattern;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;

/// What became, or would become, of a policy in a cluster to which it is applied in its turn.
///
/// @param said why, for people; empty where that goes without saying
/// @param warnings of the cluster's webhooks and its API server
record Turn(ClusterName cluster, Became became, String said, List<String> warnings) {

    /// As webhooks and the API server's own policies are quoted.
    private static final Pattern DENIED = Pattern.compile("denied (?:the )?request");

    private static final String CONFLICT = "Apply failed with ";

    enum Became {
        CREATED("created", "would be created"),
        CHANGED("changed", "would change"),
        /// It has all of it already.
        UNCHANGED("unchanged", "unchanged"),
        /// By a webhook.
        REFUSED("refused", "would be refused"),
        FAILED("failed", "would fail"),
        /// Something else failed before.
        LEFT("not applied", "not applied");

        private final String done;
        private final String foretold;

        Became(String done, String foretold) {
            this.done = done;
            this.foretold = foretold;
        }

        /// @param real whether it was applied, or only asked for
        String words(boolean real) {
            return real ? done : foretold;
        }

        boolean isGood() {
            return this == CREATED || this == CHANGED || this == UNCHANGED;
        }

        /// For programs.
        String word() {
            return done.replace("not applied", "notApplied");
        }
    }

    Turn {
        warnings = List.copyOf(warnings);
    }

    /// What goes without saying.
    static Turn good(ClusterName cluster, Became became, List<String> warnings) {
        return new Turn(cluster, became, "", warnings);
    }

    static Turn failed(ClusterName cluster, String said, List<String> warnings) {
        return new Turn(cluster, Became.FAILED, said, warnings);
    }

    static Turn left(ClusterName cluster) {
        return new Turn(cluster, Became.LEFT, "", List.of());
    }

    /// Of an answer to server-side apply that is no object.
    static Turn notTaken(ClusterName cluster, PolicyKey key, ApiServer.Reply reply) {
        var message = message(reply.answer());
        return DENIED.matcher(message).find()
                ? new Turn(cluster, Became.REFUSED, message, reply.warnings())
                : failed(cluster, cause(reply.answer(), message, key), reply.warnings());
    }

    private static String message(Answer answer) {
        return answer instanceof Rejected rejected
                ? rejected.status().path("message").asText()
                : "";
    }

    /// In the words of the API server, unless they are about the user.
    private static String cause(Answer answer, String message, PolicyKey key) {
        if (message.startsWith(CONFLICT)) {
            return message + "\n--force-conflicts takes over what others wrote";
        }
        var aboutUser =
                answer instanceof Rejected(var code, _, _, _)
                        && List.of(401, ApiServer.FORBIDDEN, ApiServer.TRY_AGAIN).contains(code);
        if (!aboutUser && !message.isEmpty()) {
            return message;
        }
        var verb = message.contains("cannot create resource") ? "create" : "patch";
        return Cause.of(answer, verb, key.kind().plural());
    }

    ObjectNode json(ObjectNode json) {
        json.put("name", cluster.value()).put("outcome", became.word());
        if (!said.isEmpty()) {
            json.put("message", said);
        }
        var lines = json.putArray("warnings");
        warnings.forEach(lines::add);
        return json;
    }
}
