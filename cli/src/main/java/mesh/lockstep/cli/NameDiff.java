package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import mesh.lockstep.cli.Meeting.Absent;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.LiveAnswer.Shown;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PeerView.Holds;

/// Where the members' copies of one policy part; of two, where it is not said which kind is meant.
record NameDiff(List<Parting> partings, List<Absent> absent) implements Result {

    NameDiff {
        partings = List.copyOf(partings);
        absent = List.copyOf(absent);
    }

    /// @param name with or without a kind: `cnp/allow-api`
    /// @param namespace of a policy that has one
    /// @throws Unusable if no member is known to have it
    static NameDiff of(String name, String namespace, Meeting meeting) throws Unusable {
        var partings = new ArrayList<Parting>();
        for (var key : keys(name, namespace)) {
            var parting = parting(key, meeting.members());
            if (!parting.copies().variants().isEmpty()) {
                partings.add(parting);
            } else if (!parting.copies().unknown().isEmpty()) {
                partings.add(parting);
            }
        }
        if (partings.isEmpty()) {
            throw new Unusable("no cluster has a policy %s in %s".formatted(name, namespace));
        }
        return new NameDiff(partings, meeting.absent());
    }

    private static List<PolicyKey> keys(String name, String namespace) throws Unusable {
        var slash = name.indexOf('/');
        var word = slash < 0 ? "" : name.substring(0, slash);
        var kinds =
                Arrays.stream(Kind.values())
                        .filter(it -> word.isEmpty() || isCalled(it, word))
                        .toList();
        var bare = name.substring(slash + 1);
        if (kinds.isEmpty() || bare.isEmpty()) {
            throw new Unusable("%s is not NAME, cnp/NAME or ccnp/NAME".formatted(name));
        }
        return kinds.stream()
                .map(it -> new PolicyKey(it, it.namespaced() ? namespace : "", bare))
                .toList();
    }

    private static boolean isCalled(Kind kind, String word) {
        return List.of(kind.shortName(), kind.plural(), kind.resource()).contains(word)
                || kind.kindName().equalsIgnoreCase(word);
    }

    private static Parting parting(PolicyKey key, List<Member> members) {
        var reader = new PolicyReader(members.getFirst().settings());
        var views = new ArrayList<PeerView>();
        var policies = new HashMap<ClusterName, Policy>();
        for (var holding : Holding.of(key, members)) {
            var answer = holding.read(reader);
            views.add(holding.view(answer));
            if (answer instanceof Shown(var name, var policy, _)) {
                policies.put(name, policy);
            }
        }
        return Parting.of(Copies.of(key, views, Survey.SCOPE), policies);
    }

    @Override
    public boolean differs() {
        return partings.stream().anyMatch(it -> it.copies().standing().isDifference());
    }

    @Override
    public boolean isComplete() {
        return absent.isEmpty() && partings.stream().allMatch(it -> it.copies().unknown().isEmpty());
    }

    @Override
    public void print(Terminal terminal) {
        partings.forEach(it -> it.print(terminal));
    }

    @Override
    public JsonNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        SurveyJson.notCompared(absent, json.putArray("notCompared"));
        var policies = json.putArray("policies");
        partings.forEach(it -> it.json(policies.addObject()));
        return json;
    }
}
