package mesh.lockstep.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Holdings;

/// The CIDR groups that policies of this cluster name and some member lacks for which they are
/// meant, this one among them.
///
/// @param rows in the order of the groups' names
/// @param notRead members whose groups are not known
record GroupRows(List<GroupRow> rows, List<String> notRead) {

    static final GroupRows NONE = new GroupRows(List.of(), List.of());

    /// @param scope whether a policy is compared at all
    static GroupRows of(ClusterName here, Holdings holdings, Predicate<PolicyKey> scope) {
        var groups = holdings.cidrGroups();
        var notRead = new TreeSet<String>();
        var rows = new ArrayList<GroupRow>();
        users(here, holdings, scope)
                .forEach(
                        (group, members) -> {
                            var missing = new ArrayList<String>();
                            for (var member : members) {
                                var there = groups.get(member);
                                if (there == null) {
                                    notRead.add(member.value());
                                } else if (!there.contains(group)) {
                                    missing.add(member.value());
                                }
                            }
                            if (!missing.isEmpty()) {
                                rows.add(new GroupRow(group, missing));
                            }
                        });
        return new GroupRows(rows, List.copyOf(notRead));
    }

    /// By the name of a group, the members that need it.
    private static TreeMap<String, Set<ClusterName>> users(
            ClusterName here, Holdings holdings, Predicate<PolicyKey> scope) {
        var members = holdings.believed().keySet();
        var users = new TreeMap<String, Set<ClusterName>>();
        for (var use : holdings.groupUses()) {
            if (scope.test(use.key())) {
                var them = users.computeIfAbsent(use.group(), _ -> new TreeSet<>());
                members.stream().filter(it -> use.members().share(here, it)).forEach(them::add);
            }
        }
        return users;
    }
}
