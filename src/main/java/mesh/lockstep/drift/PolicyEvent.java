package mesh.lockstep.drift;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import mesh.lockstep.policy.Names;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.State;

/// An event on a policy: that it began to drift, or that it is mended.
///
/// @param uid of the policy here
/// @param reason one of the words of [State]
record PolicyEvent(PolicyKey key, String uid, String reason, String note) {

    private static final String API = "events.k8s.io/v1";
    private static final int MAX_NAME = 200;
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    static PolicyEvent ofDrift(Condition condition, String uid) {
        var state = condition.state();
        var peers =
                condition.relations().entrySet().stream()
                        .filter(entry -> entry.getValue().state() == state)
                        .map(entry -> entry.getKey().value())
                        .toList();
        var what = state == State.DIVERGED ? "Differs from " : "Missing in ";
        return new PolicyEvent(condition.key(), uid, state.word(), what + Names.first(peers, ", "));
    }

    static PolicyEvent ofAgreement(PolicyKey key, String uid) {
        return new PolicyEvent(
                key, uid, State.IN_SYNC.word(), "In sync again in every member it is meant for");
    }

    /// The same in every replica: the second one finds it there.
    String path() {
        return folder() + "/" + PolicyKey.encoded(name());
    }

    /// Events about clusterwide objects are in the namespace `default`.
    String folder() {
        return "/apis/" + API + "/namespaces/" + PolicyKey.encoded(namespace()) + "/events";
    }

    private String namespace() {
        return key.namespace().isEmpty() ? "default" : key.namespace();
    }

    private String name() {
        var name = key.name();
        return (name.length() <= MAX_NAME ? name : shortened(name))
                + "."
                + Hash.of(uid + " " + reason + " " + note);
    }

    /// A name ends with a letter or digit.
    private static String shortened(String name) {
        var end = MAX_NAME;
        while (end > 0 && !isLetterOrDigit(name.charAt(end - 1))) {
            end--;
        }
        return name.substring(0, end);
    }

    private static boolean isLetterOrDigit(char character) {
        return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
    }

    /// @param instance which replica says so
    ObjectNode event(Instant now, String instance) {
        var event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", API).put("kind", "Event");
        event.putObject("metadata").put("name", name()).put("namespace", namespace());
        event.put("eventTime", MICRO_TIME.format(now));
        event.put("type", reason.equals(State.IN_SYNC.word()) ? "Normal" : "Warning");
        event.put("reason", reason).put("note", note).put("action", "Compare");
        event.put("reportingController", "lockstep.mesh/drift").put("reportingInstance", instance);
        var regarding = event.putObject("regarding");
        regarding
                .put("apiVersion", key.kind().apiVersion())
                .put("kind", key.kind().kindName())
                .put("name", key.name())
                .put("uid", uid);
        if (key.kind().namespaced()) {
            regarding.put("namespace", key.namespace());
        }
        return event;
    }

    /// It happened once more: counted, not told again. Refused if somebody else has just counted.
    static ObjectNode again(int count, String resourceVersion, Instant now) {
        var change = JsonNodeFactory.instance.objectNode();
        change.putObject("metadata").put("resourceVersion", resourceVersion);
        change.putObject("series")
                .put("count", count)
                .put("lastObservedTime", MICRO_TIME.format(now));
        return change;
    }
}
