package mesh.lockstep.rollout;

import java.util.List;
import java.util.SortedMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Intent.Unreadable;
import mesh.lockstep.policy.Rejection;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.Departures.Departure;

/// Something about a change itself that its author should know. It never decides.
public sealed interface Remark {

    /// Members are named that are not peers of ours: a typo must not exempt silently.
    record UnknownMembers(List<ClusterName> names) implements Remark {}

    /// The cluster that holds the policy is not one of its members.
    record NotForHere(ClusterName here) implements Remark {}

    /// A peer has the same version at a higher revision: the next change here would be taken for
    /// one that goes back.
    record HigherRevision(ClusterName peer, Revision theirs) implements Remark {}

    /// An annotation cannot be read and counts as absent.
    record Unread(Unreadable annotation) implements Remark {}

    /// Members depart from one another, so that the same policy may behave differently there.
    ///
    /// @param departures that are told in one sentence
    record Departing(List<Departure> departures) implements Remark {}

    /// Peers are read with old credentials, because the new ones do not work: why, by peer.
    record NotRenewed(SortedMap<ClusterName, String> causes) implements Remark {}

    /// Cilium would not take the policy, and so enforces nothing of it.
    record Rejected(Rejection rejection) implements Remark {}

    /// The policy names clusters that are not members: what selects them selects nothing.
    record UnknownClusters(List<String> names) implements Remark {}

    /// The namespace's label names no level; the cluster's level counts.
    record UnknownLevel(String value) implements Remark {}

    /// The namespace's label names a looser level than the cluster's, which it may not.
    record LooserLevel(Level named, Level ofCluster) implements Remark {}
}
