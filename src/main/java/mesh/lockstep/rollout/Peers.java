package mesh.lockstep.rollout;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;

/// The other clusters of the mesh: the only interface from judging to the network.
public interface Peers {

    /// This cluster's name; empty until it is known, and until then there are no peers.
    Optional<ClusterName> here();

    /// What every peer held when it was last heard from, in the order of their names. From memory;
    /// never waits.
    List<PeerView> recall(PolicyKey key);

    /// What else is known of each member, this one among them, by name. From memory; never waits.
    SortedMap<ClusterName, MemberFacts> facts();

    /// Whether this cluster holds the policy now, by its own API server's word; no if that does not
    /// answer in time.
    boolean holdHere(PolicyKey key, Deadline deadline);

    /// Reads what some peers hold now from their API servers, all at once.
    ///
    /// @param deadline for all of them; each has its own configured limit, from when it is asked
    LiveAnswers ask(List<ClusterName> peers, PolicyKey key, Deadline deadline);

    /// What peers say when they are asked: one answer for each, in the order in which they come. A
    /// peer that is not known, or does not answer in its time, is [LiveAnswer.Silent]; one that
    /// there was no time to ask is [LiveAnswer.Deferred]. Closing it stops waiting for the rest.
    interface LiveAnswers extends Iterable<LiveAnswer>, AutoCloseable {

        /// What was said is enough: no other peer is asked, and those that were asked have a moment
        /// left.
        void conclude();

        @Override
        void close();
    }
}
