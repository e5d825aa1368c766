package mesh.lockstep.peers;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import mesh.lockstep.peers.DigestStore.Held;
import mesh.lockstep.policy.PolicyKey;
import org.jspecify.annotations.Nullable;

/// What is kept of one peer's policies of one kind, by namespace: a namespace that takes too much
/// is given up, and the others are kept. Clusterwide policies are one namespace.
///
/// One thread writes, any number read without a lock.
final class Hoard {

    /// If that many namespaces are too large, it is the peer's own doing.
    static final int MOST_GIVEN_UP = 1_000;

    private final Map<PolicyKey, Held> policies = new ConcurrentHashMap<>();
    private final Map<String, String> givenUp = new ConcurrentHashMap<>();
    private final Map<String, Long> weights = new HashMap<>();
    private long weight;

    Map<PolicyKey, Held> policies() {
        return policies;
    }

    /// Why it is not known what the peer holds there.
    Optional<String> givenUp(String namespace) {
        return Optional.ofNullable(givenUp.get(namespace));
    }

    Set<String> givenUp() {
        return givenUp.keySet();
    }

    boolean hasGivenUpTooMany() {
        return givenUp.size() > MOST_GIVEN_UP;
    }

    /// In bytes, see [Held#weight].
    long weight() {
        return weight;
    }

    /// Not to be called of a namespace that was given up.
    @Nullable Held put(PolicyKey key, Held policy) {
        var before = policies.put(key, policy);
        weigh(key, (before == null ? 0 : -before.weight(key)) + policy.weight(key));
        return before;
    }

    @Nullable Held remove(PolicyKey key) {
        var before = policies.remove(key);
        if (before != null) {
            weigh(key, -before.weight(key));
        }
        return before;
    }

    private void weigh(PolicyKey key, long more) {
        weight += more;
        long now = weights.getOrDefault(key.namespace(), 0L) + more;
        if (now == 0) {
            weights.remove(key.namespace());
        } else {
            weights.put(key.namespace(), now);
        }
    }

    /// The namespace that takes most.
    Optional<String> heaviest() {
        return weights.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    /// @param cause for people; there before anything is missing
    /// @param gone told of each policy that was kept
    void giveUp(String namespace, String cause, BiConsumer<PolicyKey, Held> gone) {
        givenUp.put(namespace, cause);
        policies.forEach(
                (key, held) -> {
                    if (key.namespace().equals(namespace)) {
                        var _ = remove(key);
                        gone.accept(key, held);
                    }
                });
    }

    /// Gives up the namespace that takes most.
    void giveUpHeaviest(BiConsumer<PolicyKey, Held> gone) {
        heaviest().ifPresent(text -> giveUp(text, tooHeavy(text), gone));
    }

    private static String tooHeavy(String namespace) {
        return "holds more %s than there is memory for".formatted(policiesIn(namespace));
    }

    static String policiesIn(String namespace) {
        return namespace.isEmpty() ? "clusterwide policies" : "policies in " + namespace;
    }
}
