package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mesh.lockstep.cli.Meeting.Absent;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.LiveAnswer.Shown;
import mesh.lockstep.rollout.PeerView;

/// Where the members' copies of one policy part; of two, where it is not said which kind is meant.
record NameDiff(List<Parting> partings, List<Absent> absent) implements Result {

    NameDiff {
        partings = List.copyOf(partings);
        absent = List.copyOf(absent);
    }

    /// @param name with or without a kind: `cnp/allow-api`
    /// @param namespace of a policy that has one
    /// @throws Unusable if no member is known to have it, or it cannot be read in two
    static NameDiff of(String name, String namespace, Meeting meeting) throws Unusable {
        var partings = new ArrayList<Parting>();
        var unread = new ArrayList<String>();
        for (var key : keys(name, namespace)) {
            var parting = parting(key, meeting.members());
            unread.add(causes(parting.copies()));
            if (!parting.copies().variants().isEmpty()) {
                requireTwo(parting.copies());
                partings.add(parting);
            }
        }
        if (partings.isEmpty()) {
            unread.removeIf(String::isEmpty);
            throw new Unusable(
                    "no cluster is known to have a policy %s in %s%s"
                            .formatted(
                                    name,
                                    namespace,
                                    unread.isEmpty() ? "" : "; " + unread.getFirst()));
        }
        return new NameDiff(partings, meeting.absent());
    }

    private static void requireTwo(Copies copies) throws Unusable {
        if (copies.views().size() - copies.unknown().size() < 2) {
            throw new Unusable("nothing to compare: " + causes(copies));
        }
    }

    private static String causes(Copies copies) {
        return copies.unknown().stream()
                .map(unknown -> unknown.peer() + ": " + unknown.cause())
                .collect(Collectors.joining("; "));
    }

    private static List<PolicyKey> keys(String name, String namespace) throws Unusable {
        var slash = name.indexOf('/');
        var word = slash < 0 ? "" : name.substring(0, slash);
        var kinds =
                Arrays.stream(Kind.values())
                        .filter(kind -> word.isEmpty() || isCalled(kind, word))
                        .toList();
        var bare = name.substring(slash + 1);
        if (kinds.isEmpty() || bare.isEmpty()) {
            throw new Unusable("%s is not NAME, cnp/NAME or ccnp/NAME".formatted(name));
        }
        return kinds.stream()
                .map(kind -> new PolicyKey(kind, kind.namespaced() ? namespace : "", bare))
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
        return partings.stream().anyMatch(parting -> parting.copies().standing().isDifference());
    }

    @Override
    public boolean isComplete() {
        return absent.isEmpty()
                && partings.stream().allMatch(parting -> parting.copies().unknown().isEmpty());
    }

    @Override
    public void print(Terminal terminal) {
        partings.forEach(parting -> parting.print(terminal));
    }

    @Override
    public JsonNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        SurveyJson.notCompared(absent, json.putArray("notCompared"));
        var policies = json.putArray("policies");
        partings.forEach(parting -> parting.json(policies.addObject()));
        return json;
    }

    @Override
    public Report report() {
        var copies = partings.stream().map(Parting::copies).toList();
        var members = copies.getFirst().views().stream().map(PeerView::peer).toList();
        return new Report(
                partings.stream().map(parting -> Entries.of(parting, Map.of())).toList(),
                List.of(),
                absent,
                List.of(),
                new SurveyText(Survey.of(members, copies), false, members.size() + absent.size())
                        .summary());
    }
}
