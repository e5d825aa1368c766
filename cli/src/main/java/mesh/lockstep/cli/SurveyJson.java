package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import mesh.lockstep.cli.Meeting.Absent;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.PeerView;

/// A survey for programs.
final class SurveyJson {

    private SurveyJson() {}

    static ObjectNode of(Survey survey, List<Absent> absent) {
        var json = JsonNodeFactory.instance.objectNode();
        var clusters = json.putArray("clusters");
        survey.members().forEach(name -> clusters.add(name.value()));
        notCompared(absent, json.putArray("notCompared"));
        var counts = json.putObject("counts");
        survey.counts().forEach((standing, count) -> counts.put(standing.word(), count));
        var policies = json.putArray("policies");
        survey.policies().forEach(policy -> copies(policy, policies.addObject()));
        var settings = json.putArray("settings");
        survey.settings()
                .forEach(
                        (setting, values) -> {
                            var entry = settings.addObject().put("setting", setting);
                            var there = entry.putObject("clusters");
                            values.forEach((member, it) -> there.put(member.value(), it));
                        });
        var unread = json.putArray("cidrGroupsUnread");
        survey.groupsUnread().forEach(name -> unread.add(name.value()));
        var groups = json.putArray("cidrGroups");
        survey.groups()
                .forEach(
                        (group, members) -> {
                            var entry = groups.addObject().put("name", group);
                            var missing = entry.putArray("missingIn");
                            members.forEach(name -> missing.add(name.value()));
                        });
        return json;
    }

    static void notCompared(List<Absent> absent, ArrayNode json) {
        absent.forEach(
                each -> json.addObject().put("context", each.context()).put("cause", each.cause()));
    }

    static ObjectNode key(PolicyKey key, ObjectNode json) {
        json.put("kind", key.kind().kindName());
        if (key.kind().namespaced()) {
            json.put("namespace", key.namespace());
        }
        return json.put("name", key.name());
    }

    /// What each member has of a policy.
    static ObjectNode copies(Copies copies, ObjectNode json) {
        key(copies.key(), json).put("state", copies.standing().word());
        var versions = json.putArray("versions");
        for (var variant : copies.variants()) {
            var version = versions.addObject().put("version", variant.letter());
            var holders = version.putArray("clusters");
            for (var holder : variant.holders()) {
                holders.addObject()
                        .put("name", holder.peer().value())
                        .put("revision", holder.revision().number());
            }
        }
        names(copies.missing(), json.putArray("missingIn"));
        var unknown = json.putArray("unknown");
        copies.unknown()
                .forEach(
                        each ->
                                unknown.addObject()
                                        .put("name", each.peer().value())
                                        .put("cause", each.cause()));
        return json;
    }

    private static void names(List<? extends PeerView> views, ArrayNode json) {
        views.forEach(view -> json.add(view.peer().value()));
    }
}
