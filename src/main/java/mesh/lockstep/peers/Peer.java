package mesh.lockstep.peers;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.peers.PeerStatus.Standing;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.Objection;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PolicyReference;

/// Another member of the mesh, as its file describes it.
sealed interface Peer extends AutoCloseable permits WatchedPeer, Renewal, Peer.Unusable {

    /// From memory; never waits.
    PeerView recall(PolicyKey key);

    LiveAnswer ask(PolicyKey key, Deadline deadline);

    /// For how long it has owed us an answer; zero if it owes none, and is likely to answer soon.
    Duration owing();

    /// The keys of all policies that it is remembered to hold.
    Set<PolicyKey> keys();

    /// What speaks against it enforcing a policy that it holds, as it was last heard from.
    List<Objection> objections(PolicyKey key);

    /// What else is known of it.
    MemberFacts facts();

    /// To what its policies are remembered to refer, if it is this cluster itself.
    Set<PolicyReference> references();

    PeerStatus status();

    @Override
    void close();

    /// Its file cannot be used; it comes back when the file changes.
    ///
    /// @param since on the clock of [System#nanoTime]
    record Unusable(ClusterName name, String cause, long since) implements Peer {

        Unusable(ClusterName name, String cause) {
            this(name, cause, System.nanoTime());
        }

        @Override
        public PeerView recall(PolicyKey key) {
            return new PeerView.Unknown(name, cause);
        }

        @Override
        public LiveAnswer ask(PolicyKey key, Deadline deadline) {
            return new LiveAnswer.Silent(name, cause);
        }

        @Override
        public Duration owing() {
            return Duration.ZERO;
        }

        @Override
        public Set<PolicyKey> keys() {
            return Set.of();
        }

        @Override
        public List<Objection> objections(PolicyKey key) {
            return List.of();
        }

        @Override
        public MemberFacts facts() {
            return MemberFacts.UNKNOWN;
        }

        @Override
        public Set<PolicyReference> references() {
            return Set.of();
        }

        @Override
        public PeerStatus status() {
            return new PeerStatus(
                    name,
                    new Standing.Unusable(cause),
                    Instant.now().minusNanos(System.nanoTime() - since),
                    false,
                    Optional.empty(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public void close() {
            // Nothing was opened.
        }
    }
}
