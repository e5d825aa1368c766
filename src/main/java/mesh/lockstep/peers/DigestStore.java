package mesh.lockstep.peers;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.GroupUse;
import org.jspecify.annotations.Nullable;

/// What a peer holds of one kind, as digests: the policies themselves would take a hundred times
/// the memory. One thread writes, any number read without a lock.
final class DigestStore {

    private final Consumer<PolicyKey> changed;
    private volatile Map<PolicyKey, Held> held = Map.of();
    private final AtomicLong weight = new AtomicLong();

    /// A store that holds nothing yet.
    ///
    /// @param changed told of each key under which something else is held than before
    DigestStore(Consumer<PolicyKey> changed) {
        this.changed = changed;
    }

    /// @param cidrGroups that it names; none are kept of a peer's policies
    record Held(Version version, Revision revision, Set<String> cidrGroups) {

        private static final int ENTRY = 600;
        private static final int NAME = 120;

        /// What it takes of memory, roughly and together with its key, where nobody else holds the
        /// same; in bytes.
        long weight(PolicyKey key) {
            var members = version.members() instanceof Members.Only(var only) ? only.size() : 0;
            var groups = cidrGroups.stream().mapToInt(it -> NAME + it.length()).sum();
            return ENTRY
                    + key.namespace().length()
                    + key.name().length()
                    + (long) NAME * members
                    + groups;
        }
    }

    Optional<Held> find(PolicyKey key) {
        return Optional.ofNullable(held.get(key));
    }

    Set<PolicyKey> keys() {
        return held.keySet();
    }

    /// Of the policies that there are now.
    Stream<GroupUse> groupUses() {
        return held.entrySet().stream()
                .flatMap(
                        it ->
                                it.getValue().cidrGroups().stream()
                                        .map(
                                                group ->
                                                        new GroupUse(
                                                                it.getKey(),
                                                                group,
                                                                it.getValue()
                                                                        .version()
                                                                        .members())));
    }

    /// What all of it takes of memory, see [Held#weight].
    long weight() {
        return weight.get();
    }

    int size() {
        return held.size();
    }

    /// Puts another listing in the place of all there is, in one step: a reader sees the one or the
    /// other, never a gap.
    void replaceAll(Map<PolicyKey, Held> listing) {
        var before = held;
        held = new ConcurrentHashMap<>(listing);
        weight.set(
                listing.entrySet().stream()
                        .mapToLong(it -> weight(it.getKey(), it.getValue()))
                        .sum());
        listing.forEach(
                (key, now) -> {
                    if (!now.equals(before.get(key))) {
                        changed.accept(key);
                    }
                });
        before.keySet().stream().filter(key -> !listing.containsKey(key)).forEach(changed);
    }

    void put(PolicyKey key, Held policy) {
        var before = held.put(key, policy);
        weight.addAndGet(weight(key, policy) - weight(key, before));
        if (!policy.equals(before)) {
            changed.accept(key);
        }
    }

    void remove(PolicyKey key) {
        weight.addAndGet(-weight(key, held.remove(key)));
        changed.accept(key);
    }

    private static long weight(PolicyKey key, @Nullable Held policy) {
        return policy == null ? 0 : policy.weight(key);
    }
}
