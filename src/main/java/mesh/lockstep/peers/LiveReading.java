package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.LiveAnswer;

/// What an API server's answer says of the policy that it was asked for.
///
/// @param reader of what the member holds, whichever cluster it was made for
public record LiveReading(ClusterName member, PolicyReader reader) {

    private static final int NOT_FOUND = 404;

    public LiveReading {
        reader = reader.in(member);
    }

    /// Only the API server itself can say that a policy does not exist. Any other 404 is not an
    /// answer: the kind is not served, or something else answers in the API server's place.
    public LiveAnswer read(PolicyKey key, Answer answer) {
        return switch (answer) {
            case Given(var json, _) -> shown(key, new PolicyObject(key.kind(), json));
            case Rejected rejected
                    when rejected.code() == NOT_FOUND && isAbout(rejected.status(), key) ->
                    new LiveAnswer.NotFound(member);
            case Answer other ->
                    new LiveAnswer.Silent(member, Cause.of(other, "get", key.kind().plural()));
        };
    }

    private static boolean isAbout(JsonNode status, PolicyKey key) {
        var details = status.path("details");
        return status.path("reason").asText().equals("NotFound")
                && details.path("kind").asText().equals(key.kind().plural())
                && details.path("name").asText().equals(key.name());
    }

    private LiveAnswer shown(PolicyKey key, PolicyObject object) {
        return object.hasKey(key)
                ? new LiveAnswer.Shown(
                        member, reader.read(key, object.tree()), object.resourceVersion())
                : new LiveAnswer.Silent(member, "unexpected answer");
    }
}
