package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Departures.Found;
import mesh.lockstep.rollout.Departures.LackedGroup;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.Namespaces;
import mesh.lockstep.rollout.PolicyReference;
import mesh.lockstep.rollout.Scope;

/// What differs between the members of a mesh now.
///
/// @param members that were compared, in the order of the contexts
/// @param policies the worst first, then by name
/// @param settings of Cilium in which members differ, by name: what each member has, where that is
///   known
/// @param groups CIDR groups that policies use, by name: the members that lack them
/// @param groupsUnread members of which that is not known, though policies use some
record Survey(
        List<ClusterName> members,
        List<Copies> policies,
        SortedMap<String, SortedMap<ClusterName, String>> settings,
        SortedMap<String, SortedSet<ClusterName>> groups,
        SortedSet<ClusterName> groupsUnread) {

    private static final Comparator<Copies> WORST_FIRST =
            Comparator.comparing(Copies::standing).thenComparing(Copies::key);

    /// Which policies are compared. As in a webhook, those of the system and of Lockstep itself are
    /// not; what a namespace is to a member, its view says.
    static final Scope SCOPE =
            new Scope(_ -> Namespaces.Namespace.ORDINARY, Set.of("kube-system", "lockstep"));

    static Survey of(List<Inventory> inventories) {
        var labeled = new TreeSet<PolicyKey>();
        inventories.forEach(inventory -> labeled.addAll(inventory.labeled()));
        var policies = new ArrayList<Copies>();
        for (var key : labeled) {
            var views = inventories.stream().map(inventory -> inventory.view(key)).toList();
            policies.add(Copies.of(key, views, SCOPE));
        }
        policies.sort(WORST_FIRST);
        var members = inventories.stream().map(Inventory::member).toList();
        var found = lackedGroups(inventories, labeled);
        return new Survey(
                members.stream().map(Member::name).toList(),
                policies,
                settings(members),
                groups(found),
                unread(found));
    }

    /// Of policies alone.
    static Survey of(List<ClusterName> members, List<Copies> policies) {
        return new Survey(members, policies, new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
    }

    /// How many policies stand in each way.
    Map<Standing, Integer> counts() {
        var counts = new EnumMap<Standing, Integer>(Standing.class);
        policies.forEach(copies -> counts.merge(copies.standing(), 1, Integer::sum));
        return counts;
    }

    private static SortedMap<ClusterName, MemberFacts> facts(List<Member> members) {
        var facts = new TreeMap<ClusterName, MemberFacts>();
        members.forEach(member -> facts.put(member.name(), member.facts()));
        return facts;
    }

    private static SortedMap<String, SortedMap<ClusterName, String>> settings(
            List<Member> members) {
        var facts = facts(members);
        var settings = new TreeMap<String, SortedMap<ClusterName, String>>();
        var known =
                members.stream()
                        .filter(member -> member.facts().settings().isPresent())
                        .findFirst();
        if (known.isPresent()) {
            var found = Departures.of(known.get().name(), facts, List.of()).settings();
            found.all()
                    .forEach(
                            setting ->
                                    settings.put(
                                            setting.setting(), values(setting.setting(), facts)));
        }
        return settings;
    }

    private static SortedMap<ClusterName, String> values(
            String setting, SortedMap<ClusterName, MemberFacts> facts) {
        var values = new TreeMap<ClusterName, String>();
        facts.forEach(
                (name, it) ->
                        it.settings()
                                .flatMap(its -> Optional.ofNullable(its.values().get(setting)))
                                .ifPresent(value -> values.put(name, value)));
        return values;
    }

    /// As each member sees the others, by its own policies.
    private static List<Found<LackedGroup>> lackedGroups(
            List<Inventory> inventories, Set<PolicyKey> labeled) {
        var facts = facts(inventories.stream().map(Inventory::member).toList());
        return inventories.stream()
                .map(
                        inventory ->
                                Departures.of(
                                                inventory.member().name(),
                                                facts,
                                                references(inventory, labeled))
                                        .groups())
                .toList();
    }

    private static SortedMap<String, SortedSet<ClusterName>> groups(
            List<Found<LackedGroup>> found) {
        var groups = new TreeMap<String, SortedSet<ClusterName>>();
        for (var bySomebody : found) {
            for (var group : bySomebody.all()) {
                groups.computeIfAbsent(group.group(), _ -> new TreeSet<>())
                        .addAll(group.missingIn());
            }
        }
        return groups;
    }

    private static SortedSet<ClusterName> unread(List<Found<LackedGroup>> found) {
        var unread = new TreeSet<ClusterName>();
        found.forEach(each -> unread.addAll(each.unknown()));
        return unread;
    }

    private static List<PolicyReference> references(Inventory inventory, Set<PolicyKey> labeled) {
        var references = new ArrayList<PolicyReference>();
        inventory
                .held()
                .forEach(
                        (key, held) -> {
                            if (labeled.contains(key) && SCOPE.has(key)) {
                                var members = held.version().members();
                                held.references()
                                        .forEach(
                                                reference ->
                                                        references.add(
                                                                new PolicyReference(
                                                                        key, reference, members)));
                            }
                        });
        return references;
    }
}
