package mesh.lockstep.rollout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.Remark.HigherRevision;
import mesh.lockstep.rollout.Remark.NotForHere;
import mesh.lockstep.rollout.Remark.UnknownMembers;
import mesh.lockstep.rollout.Remark.Unread;

/// Finds what the author of a policy should know about its annotations.
///
/// @param here the cluster in which the change is made
record Remarks(ClusterName here) {

    /// More of a policy are not looked at while somebody waits.
    private static final int MAX_GROUPS = 100;

    /// An API server passes on 4,096 characters of warnings in all.
    private static final int MAX_REMARKS = 3;

    List<Remark> about(Policy after, List<PeerView> views) {
        var remarks = new ArrayList<Remark>();
        after.intent().unreadable().forEach(it -> remarks.add(new Unread(it)));
        if (after.intent().members() instanceof Members.Only(var members)) {
            var unknown = new TreeSet<>(members);
            unknown.remove(here);
            unknown.removeAll(views.stream().map(PeerView::peer).collect(Collectors.toSet()));
            if (!unknown.isEmpty()) {
                remarks.add(new UnknownMembers(List.copyOf(unknown)));
            }
            if (!members.contains(here)) {
                remarks.add(new NotForHere(here));
            }
        }
        unknownClusters(after, views).ifPresent(remarks::add);
        highestRevision(after, views).ifPresent(remarks::add);
        return remarks;
    }

    /// CIDR groups that it names and a member lacks for which it is meant: a remark for each set of
    /// members.
    List<Remark> about(Policy after, Supplier<Map<ClusterName, Set<String>>> groups) {
        var used = after.spec().cidrGroups();
        if (used.isEmpty()) {
            return List.of();
        }
        var members = new TreeMap<>(groups.get());
        members.keySet().removeIf(it -> !after.intent().members().share(here, it));
        var lacked = new LinkedHashMap<List<ClusterName>, List<String>>();
        for (var group : used.stream().limit(MAX_GROUPS).toList()) {
            var lacking =
                    members.entrySet().stream()
                            .filter(it -> !it.getValue().contains(group))
                            .map(Map.Entry::getKey)
                            .toList();
            if (!lacking.isEmpty()) {
                lacked.computeIfAbsent(lacking, _ -> new ArrayList<>()).add(group);
            }
        }
        return lacked.entrySet().stream()
                .<Remark>map(it -> new Remark.LackedGroups(it.getValue(), it.getKey()))
                .limit(MAX_REMARKS)
                .toList();
    }

    /// Settings that other members have differently.
    List<Remark> about(Map<ClusterName, MemberSettings> settings) {
        var ours = settings.get(here);
        if (ours == null) {
            return List.of();
        }
        var others = new TreeMap<String, Remark.OtherSetting>();
        settings.forEach(
                (peer, theirs) ->
                        ours.departures(theirs)
                                .forEach(
                                        it ->
                                                others.computeIfAbsent(
                                                                it.setting(),
                                                                _ ->
                                                                        new Remark.OtherSetting(
                                                                                it.setting(),
                                                                                it.here(),
                                                                                new TreeMap<>()))
                                                        .there()
                                                        .put(peer, it.there())));
        return List.copyOf(others.values());
    }

    private Optional<Remark> unknownClusters(Policy after, List<PeerView> views) {
        var unknown = new TreeSet<>(after.spec().clusters());
        unknown.remove(here.value());
        views.forEach(it -> unknown.remove(it.peer().value()));
        return views.isEmpty() || unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(new Remark.UnknownClusters(List.copyOf(unknown)));
    }

    /// Nothing is said of one with a revision: a pipeline that stamps each commit has a lower one
    /// in each cluster that has not read the last.
    private static Optional<HigherRevision> highestRevision(Policy after, List<PeerView> views) {
        if (!after.intent().revision().equals(Revision.NONE)) {
            return Optional.empty();
        }
        return views.stream()
                .filter(Holds.class::isInstance)
                .map(Holds.class::cast)
                .filter(it -> it.version().equals(after.version()))
                .filter(it -> it.revision().isAbove(after.intent().revision()))
                .max(Comparator.comparing(Holds::revision))
                .map(it -> new HigherRevision(it.peer(), it.revision()));
    }
}
