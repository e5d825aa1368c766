package mesh.lockstep.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Relation;

/// An overview for programs.
final class OverviewJson {

    private OverviewJson() {}

    static JsonNode of(Overview overview) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("cluster", overview.here());
        json.put("lastFullPass", overview.lastFullPass().toString());
        var states = json.putObject("states");
        overview.counts().forEach((state, count) -> states.put(state.word(), count));
        var peers = json.putArray("peers");
        for (var peer : overview.peers()) {
            peers.addObject()
                    .put("name", peer.peer().value())
                    .put("up", peer.up())
                    .put("standing", peer.standing().words())
                    .put("lastHeard", peer.lastHeard().map(Object::toString).orElse(null));
        }
        overview.tables().forEach(table -> table.forPrograms().accept(json));
        json.put("matching", overview.page().matching());
        json.put("page", overview.page().number());
        json.put("pages", overview.page().last());
        var policies = json.putArray("policies");
        overview.page().conditions().forEach(condition -> policy(condition, policies.addObject()));
        return json;
    }

    private static void policy(Condition condition, ObjectNode json) {
        json.put("kind", condition.key().kind().kindName());
        json.put("namespace", condition.key().namespace());
        json.put("name", condition.key().name());
        json.put("state", condition.state().word());
        condition
                .revision()
                .map(Revision::number)
                .ifPresent(number -> json.put("revision", number));
        condition.firstSeen().ifPresent(instant -> json.put("firstSeen", instant.toString()));
        var peers = json.putArray("peers");
        condition.relations().entrySet().forEach(entry -> peer(entry, peers.addObject()));
    }

    private static void peer(Map.Entry<ClusterName, Relation> entry, ObjectNode json) {
        var relation = entry.getValue();
        json.put("name", entry.getKey().value());
        json.put("state", relation.state().word());
        relation.firstSeen().ifPresent(instant -> json.put("firstSeen", instant.toString()));
        if (!relation.cause().isEmpty()) {
            json.put("cause", relation.cause());
        }
    }
}
