package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.reading.PolicyReader;

/// A cluster to which policies are applied.
///
/// @param query how they are: for whom, and whether by force
record Target(Member member, ApiServer api, String query) {

    /// As often as clients in Go try again when they are told to.
    private static final int TRIES = 10;

    private static final int LONGEST_PAUSE_SECONDS = 10;

    /// @param manager who writes the fields
    /// @param force whether fields are taken over that others wrote
    static Target of(Member member, ApiServer api, String manager, boolean force) {
        var query = "fieldValidation=Strict&fieldManager=" + PolicyKey.encoded(manager);
        return new Target(member, api, force ? query + "&force=true" : query);
    }

    ClusterName name() {
        return member.name();
    }

    /// What would come of it: everything but the writing.
    ApiServer.Reply tryOut(Manifest manifest) throws InterruptedException {
        return send(manifest, "dryRun=All&" + query);
    }

    ApiServer.Reply apply(Manifest manifest) throws InterruptedException {
        return send(manifest, query);
    }

    /// Webhooks that have no place for a request right now ask for patience.
    private ApiServer.Reply send(Manifest manifest, String how) throws InterruptedException {
        var path = manifest.key().path();
        var reply = api.serverSide(path, how, manifest.document());
        for (int i = 0; i < TRIES && isDeferred(reply.answer()); i++) {
            Thread.sleep(pause(reply.answer()));
            reply = api.serverSide(path, how, manifest.document());
        }
        return reply;
    }

    private static boolean isDeferred(Answer answer) {
        return answer instanceof Rejected(var code, _, _, _) && code == ApiServer.TRY_AGAIN;
    }

    private static Duration pause(Answer answer) {
        var seconds =
                answer instanceof Rejected(_, var status, _, _)
                        ? status.at("/details/retryAfterSeconds").asInt()
                        : 0;
        return Duration.ofSeconds(Math.clamp(seconds, 1, LONGEST_PAUSE_SECONDS));
    }

    /// The whole object.
    Answer held(PolicyKey key) throws InterruptedException {
        return api.get(key.path());
    }

    /// What the file means here.
    Policy meant(Manifest manifest) {
        return reader().read(manifest.key(), manifest.object());
    }

    /// What an object of the API server's means; empty if it is not one.
    Optional<Policy> read(PolicyKey key, JsonNode object) {
        try {
            var kept = StrictJson.read(StrictJson.write(object), Keep.POLICY);
            return kept.at("/metadata/name").asText().equals(key.name())
                    ? Optional.of(reader().read(key, kept))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Whether it holds what the file means, at the file's revision.
    boolean holds(Manifest manifest, Answer held) {
        return held instanceof Given(var object, _)
                && read(manifest.key(), object)
                        .filter(policy -> isSame(policy, meant(manifest)))
                        .isPresent();
    }

    static boolean isSame(Policy one, Policy other) {
        return one.version().equals(other.version())
                && one.intent().revision().equals(other.intent().revision());
    }

    private PolicyReader reader() {
        return new PolicyReader(member.settings(), Optional.of(member.name()));
    }
}
