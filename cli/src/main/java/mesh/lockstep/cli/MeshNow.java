package mesh.lockstep.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Peers;

/// The other members of one policy, as they were read a moment ago: what a webhook would remember
/// of them, and what it would be told when it asks.
///
/// @param name of the cluster that is not among them
/// @param views of the others, in the order of their names
/// @param answers of the others; those without one are not reached
/// @param facts of all members that are
record MeshNow(
        ClusterName name,
        List<PeerView> views,
        Map<ClusterName, LiveAnswer> answers,
        SortedMap<ClusterName, MemberFacts> facts)
        implements Peers {

    @Override
    public Optional<ClusterName> here() {
        return Optional.of(name);
    }

    @Override
    public List<PeerView> recall(PolicyKey key) {
        return views;
    }

    /// Known before: what is there is updated, and nothing is created twice.
    @Override
    public boolean holdHere(PolicyKey key, Deadline deadline) {
        return false;
    }

    @Override
    public LiveAnswers ask(List<ClusterName> peers, PolicyKey key, Deadline deadline) {
        return new Said(
                peers.stream()
                        .map(
                                name ->
                                        answers.getOrDefault(
                                                name, new LiveAnswer.Silent(name, "not reached")))
                        .toList());
    }

    private record Said(List<LiveAnswer> all) implements LiveAnswers {

        @Override
        public Iterator<LiveAnswer> iterator() {
            return all.iterator();
        }

        @Override
        public void conclude() {
            // Everyone was asked before.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
