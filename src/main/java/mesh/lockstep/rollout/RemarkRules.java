package mesh.lockstep.rollout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.Departures.Departure;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.Remark.HigherRevision;
import mesh.lockstep.rollout.Remark.NotForHere;
import mesh.lockstep.rollout.Remark.Rejected;
import mesh.lockstep.rollout.Remark.UnknownMembers;
import mesh.lockstep.rollout.Remark.Unread;

/// Finds what the author of a policy should know about its annotations.
///
/// @param here the cluster in which the change is made
record RemarkRules(ClusterName here) {

    /// More of a policy are not looked at while somebody waits.
    private static final int MAX_REFERENCES = 100;

    /// An API server passes on 4,096 characters of warnings in all.
    private static final int MAX_REMARKS = 3;

    /// What is true of a policy wherever it is, and whoever else has it.
    static List<Remark> aboutItself(Policy after) {
        return after.rejection().stream().<Remark>map(Rejected::new).toList();
    }

    List<Remark> about(Policy after, List<PeerView> views) {
        var remarks = new ArrayList<Remark>();
        after.intent().unreadable().forEach(unreadable -> remarks.add(new Unread(unreadable)));
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

    /// What members have differently, or lack, and which of them are not read as they should be.
    List<Remark> about(SortedMap<ClusterName, MemberFacts> facts, Optional<Policy> after) {
        var departures = Departures.of(here, facts, references(after));
        var remarks = new ArrayList<>(told(departures.betweenMembers()));
        notRenewed(facts).ifPresent(remarks::add);
        told(departures.fromPolicies()).stream().limit(MAX_REMARKS).forEach(remarks::add);
        return remarks;
    }

    private List<PolicyReference> references(Optional<Policy> policy) {
        if (policy.isEmpty()) {
            return List.of();
        }
        var key = policy.get().key();
        var members = policy.get().intent().members();
        return policy.get().spec().references().stream()
                .limit(MAX_REFERENCES)
                .map(reference -> new PolicyReference(key, reference, members))
                .toList();
    }

    private static List<Remark> told(List<? extends Departure> departures) {
        var byTopic = new LinkedHashMap<Object, List<Departure>>();
        for (var departure : departures) {
            byTopic.computeIfAbsent(departure.topic(), _ -> new ArrayList<>()).add(departure);
        }
        return byTopic.values().stream().<Remark>map(Remark.Departing::new).toList();
    }

    private static Optional<Remark> notRenewed(SortedMap<ClusterName, MemberFacts> facts) {
        var causes = new TreeMap<ClusterName, String>();
        facts.forEach((peer, it) -> it.notRenewed().ifPresent(cause -> causes.put(peer, cause)));
        return causes.isEmpty() ? Optional.empty() : Optional.of(new Remark.NotRenewed(causes));
    }

    private Optional<Remark> unknownClusters(Policy after, List<PeerView> views) {
        var unknown = new TreeSet<>(after.spec().clusters());
        unknown.remove(here.value());
        views.forEach(view -> unknown.remove(view.peer().value()));
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
                .filter(holds -> holds.version().equals(after.version()))
                .filter(holds -> holds.revision().isAbove(after.intent().revision()))
                .max(Comparator.comparing(Holds::revision))
                .map(holds -> new HigherRevision(holds.peer(), holds.revision()));
    }
}
