package mesh.lockstep.peers;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.peers.PeerStatus.Standing;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.GroupUse;
import mesh.lockstep.rollout.MemberSettings;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Testimony;

/// Another member of the mesh, as its file describes it.
sealed interface Peer extends AutoCloseable permits WatchedPeer, Renewal, Peer.Unusable {

    /// From memory; never waits.
    PeerView recall(PolicyKey key);

    Testimony ask(PolicyKey key, Deadline deadline);

    /// For how long it has owed us an answer; zero if it owes none, and is likely to answer soon.
    Duration owing();

    /// The keys of all policies that it is remembered to hold.
    Set<PolicyKey> keys();

    /// Empty until they were read, or where we may not read them.
    Optional<MemberSettings> settings();

    /// The names of its CIDR groups; empty until they were read, where we may not read them, and
    /// while it is not heard from.
    Optional<Set<String>> cidrGroups();

    /// The CIDR groups that its policies are remembered to name, if it is this cluster itself.
    default Set<GroupUse> groupUses() {
        return Set.of();
    }

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
            return new PeerView.Unreachable(name, cause);
        }

        @Override
        public Testimony ask(PolicyKey key, Deadline deadline) {
            return new Testimony.Silent(name, cause);
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
        public Optional<MemberSettings> settings() {
            return Optional.empty();
        }

        @Override
        public Optional<Set<String>> cidrGroups() {
            return Optional.empty();
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
