package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import mesh.lockstep.cli.Outcome.Unread;
import mesh.lockstep.cli.Outcome.Wrong;

/// The state of an installation for programs.
final class StatusJson {

    private StatusJson() {}

    static ObjectNode of(List<Health> healths) {
        var json = JsonNodeFactory.instance.objectNode();
        var clusters = json.putArray("clusters");
        for (var health : healths) {
            var cluster = clusters.addObject().put("context", health.context());
            checks(health, cluster.putArray("checks"));
            var credentials = cluster.putArray("credentials");
            health.ends()
                    .forEach(
                            (peer, end) ->
                                    credentials
                                            .addObject()
                                            .put("peer", peer)
                                            .put("validUntil", end.toString()));
        }
        return json;
    }

    private static void checks(Health health, ArrayNode json) {
        for (var check : Check.values()) {
            var outcome = health.of(check);
            var entry = json.addObject().put("check", check.label()).put("state", outcome.word());
            switch (outcome) {
                case Wrong(var what, var todo) -> entry.put("cause", what).put("todo", todo);
                case Unread(var why) -> entry.put("cause", why);
                case Outcome.Good _, Outcome.Unchecked _ -> {}
            }
        }
    }
}
