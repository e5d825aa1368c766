package mesh.lockstep.peers;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;

/// What a peer holds of one kind, as digests: the policies themselves would take a hundred times
/// the memory. One thread writes, any number read without a lock.
final class DigestStore {

    private volatile Map<PolicyKey, Held> held = Map.of();

    record Held(Version version, Revision revision) {}

    Optional<Held> find(PolicyKey key) {
        return Optional.ofNullable(held.get(key));
    }

    int size() {
        return held.size();
    }

    /// Puts another listing in the place of all there is, in one step: a reader sees the one or the
    /// other, never a gap.
    void replaceAll(Map<PolicyKey, Held> listing) {
        held = new ConcurrentHashMap<>(listing);
    }

    void put(PolicyKey key, Held policy) {
        held.put(key, policy);
    }

    void remove(PolicyKey key) {
        held.remove(key);
    }
}
