package mesh.lockstep.rollout;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Reference;

/// In what members depart from one another, so that the same policy may behave differently in them.
///
/// @param settings by peer and setting
/// @param groups by name
public record Departures(Found<OtherSetting> settings, Found<LackedGroup> groups) {

    public static final Departures NONE = new Departures(Found.none(), Found.none());

    /// What members have differently, or lack.
    public sealed interface Departure {

        /// Departures that have it in common are told in one sentence.
        Object topic();
    }

    /// A setting that a peer has differently.
    public record OtherSetting(String setting, String here, ClusterName peer, String there)
            implements Departure {
        @Override
        public Object topic() {
            return setting;
        }
    }

    /// A CIDR group that policies name, and that members lack for which they are meant: there it
    /// matches no addresses.
    ///
    /// @param missingIn in the order of their names
    public record LackedGroup(String group, List<ClusterName> missingIn) implements Departure {
        public LackedGroup {
            missingIn = List.copyOf(missingIn);
        }

        @Override
        public Object topic() {
            return missingIn;
        }
    }

    /// Departures of one kind.
    ///
    /// @param unknown the members of which it is not known whether there are any
    public record Found<D extends Departure>(List<D> all, SortedSet<ClusterName> unknown) {

        public Found {
            all = List.copyOf(all);
            unknown = Collections.unmodifiableSortedSet(new TreeSet<>(unknown));
        }

        public static <D extends Departure> Found<D> none() {
            return new Found<>(List.of(), new TreeSet<>());
        }
    }

    /// The departures that may concern a policy of this cluster.
    ///
    /// @param scope whether a policy is compared at all
    public static Departures of(ClusterName here, Holdings holdings, Predicate<PolicyKey> scope) {
        var references =
                holdings.references().stream()
                        .filter(reference -> scope.test(reference.key()))
                        .toList();
        return of(here, holdings.facts(), references);
    }

    /// What is known of members, for the policies that name something there.
    ///
    /// @param references of the policies that are looked at
    public static Departures of(
            ClusterName here,
            SortedMap<ClusterName, MemberFacts> facts,
            Collection<PolicyReference> references) {
        return new Departures(
                settings(here, facts),
                groups(facts, needed(here, facts, references, Reference.CIDR_GROUP)));
    }

    /// What members have differently, whatever a policy says; for those that are told once.
    List<? extends Departure> betweenMembers() {
        return settings.all().stream().sorted(Comparator.comparing(OtherSetting::setting)).toList();
    }

    /// What members lack of that to which policies refer.
    List<? extends Departure> fromPolicies() {
        return groups.all();
    }

    /// While our own are not known, none is.
    private static Found<OtherSetting> settings(
            ClusterName here, SortedMap<ClusterName, MemberFacts> facts) {
        var ours = facts.getOrDefault(here, MemberFacts.UNKNOWN).settings();
        var found = new ArrayList<OtherSetting>();
        var unknown = new TreeSet<ClusterName>();
        for (var member : facts.entrySet()) {
            var peer = member.getKey();
            var theirs = member.getValue().settings();
            if (peer.equals(here)) {
                continue;
            }
            if (ours.isEmpty() || theirs.isEmpty()) {
                unknown.add(peer);
            } else {
                found.addAll(ours.get().departures(peer, theirs.get()));
            }
        }
        return new Found<>(found, unknown);
    }

    private static Found<LackedGroup> groups(
            SortedMap<ClusterName, MemberFacts> facts,
            SortedMap<String, NavigableSet<ClusterName>> needed) {
        var found = new ArrayList<LackedGroup>();
        var unknown = new TreeSet<ClusterName>();
        needed.forEach(
                (group, members) -> {
                    var missing = new ArrayList<ClusterName>();
                    for (var member : members) {
                        var there = facts.getOrDefault(member, MemberFacts.UNKNOWN).cidrGroups();
                        if (there.isEmpty()) {
                            unknown.add(member);
                        } else if (!there.get().contains(group)) {
                            missing.add(member);
                        }
                    }
                    if (!missing.isEmpty()) {
                        found.add(new LackedGroup(group, missing));
                    }
                });
        return new Found<>(found, unknown);
    }

    /// By the name of an object that policies refer to, the members for which these are meant.
    private static SortedMap<String, NavigableSet<ClusterName>> needed(
            ClusterName here,
            SortedMap<ClusterName, MemberFacts> facts,
            Collection<PolicyReference> references,
            String kind) {
        var needed = new TreeMap<String, NavigableSet<ClusterName>>();
        for (var reference : references) {
            var object = reference.reference();
            if (object.kind().equals(kind)) {
                var members = needed.computeIfAbsent(object.name(), _ -> new TreeSet<>());
                facts.keySet().stream()
                        .filter(name -> reference.members().share(here, name))
                        .forEach(members::add);
            }
        }
        return needed;
    }
}
