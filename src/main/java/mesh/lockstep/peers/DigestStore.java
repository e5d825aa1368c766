package mesh.lockstep.peers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Reference;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.Objection;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PolicyReference;
import mesh.lockstep.rollout.Trace;
import org.jspecify.annotations.Nullable;

/// What a peer holds of one kind, as digests: the policies themselves would take a hundred times
/// the memory. One thread writes, any number read without a lock.
public final class DigestStore {

    private final Consumer<PolicyKey> changed;
    private final Steps steps;
    private final long most;
    private final MemoryAllowance.Share share;
    private volatile Hoard hoard = new Hoard();
    private boolean closed;

    /// A store that holds nothing yet.
    ///
    /// @param changed told of each key under which something else is held than before, or nothing
    ///   is known any more
    /// @param steps is told of policies of which it is known what was held
    /// @param most bytes that it may take, see [Held#weight]
    /// @param share of what all stores may take
    DigestStore(Consumer<PolicyKey> changed, Steps steps, long most, MemoryAllowance.Share share) {
        this.changed = changed;
        this.steps = steps;
        this.most = most;
        this.share = share;
    }

    /// What is kept of a policy that a member holds.
    ///
    /// @param references to other objects; none are kept of a peer's policies
    /// @param objections no part of what is compared
    public record Held(
            Version version,
            Revision revision,
            Set<Reference> references,
            List<Objection> objections) {

        private static final int ENTRY = 600;
        private static final int NAME = 120;

        Held(Version version, Revision revision, Set<Reference> references) {
            this(version, revision, references, List.of());
        }

        /// Whether the policy is the same as the one that was held before.
        boolean isStill(@Nullable Held before) {
            return before != null
                    && version.equals(before.version)
                    && revision.equals(before.revision)
                    && references.equals(before.references);
        }

        Trace trace() {
            return Trace.of(version, revision);
        }

        /// What it takes of memory, roughly and together with its key, where nobody else holds the
        /// same; in bytes.
        long weight(PolicyKey key) {
            var members = version.members() instanceof Members.Only(var only) ? only.size() : 0;
            var objects =
                    references.stream()
                            .mapToInt(reference -> NAME + reference.name().length())
                            .sum();
            var said = objections.stream().mapToInt(objection -> NAME + objection.length()).sum();
            return ENTRY
                    + key.namespace().length()
                    + key.name().length()
                    + (long) NAME * members
                    + objects
                    + said;
        }
    }

    /// From one moment: what is given up in the next is not taken for lacking.
    PeerView recall(ClusterName peer, PolicyKey key) {
        var now = hoard;
        var held = now.policies().get(key);
        return held != null
                ? new PeerView.Holds(peer, held.version(), held.revision())
                : now.givenUp(key.namespace())
                        .<PeerView>map(cause -> new PeerView.Unknown(peer, cause))
                        .orElseGet(() -> new PeerView.Lacks(peer));
    }

    /// What speaks against it being enforced; nothing where it is not known to be held.
    List<Objection> objections(PolicyKey key) {
        var held = hoard.policies().get(key);
        return held == null ? List.of() : held.objections();
    }

    /// Whether it is not followed what happens there, until the next listing.
    boolean hasGivenUp(String namespace) {
        return hoard.givenUp(namespace).isPresent();
    }

    Set<String> givenUp() {
        return hoard.givenUp();
    }

    boolean hasGivenUpTooMany() {
        return hoard.hasGivenUpTooMany();
    }

    Set<PolicyKey> keys() {
        return hoard.policies().keySet();
    }

    /// What the policies that there are now refer to.
    Set<PolicyReference> references() {
        var references = new HashSet<PolicyReference>();
        hoard.policies()
                .forEach(
                        (key, held) -> {
                            var members = held.version().members();
                            for (var reference : held.references()) {
                                references.add(new PolicyReference(key, reference, members));
                            }
                        });
        return references;
    }

    int size() {
        return hoard.policies().size();
    }

    /// Gives up what is too much of a listing.
    void keepWithinBounds(Hoard listing) {
        keepWithinBounds(listing, (_, _) -> {});
    }

    private void keepWithinBounds(Hoard any, BiConsumer<PolicyKey, Held> gone) {
        while (any.weight() > most || (any.weight() > 0 && share.isExceeded(any.weight()))) {
            any.giveUpHeaviest(gone);
        }
    }

    /// Puts another listing in the place of all there is, in one step: a reader sees the one or the
    /// other, never a gap.
    ///
    /// @return the namespaces that are given up, or were
    synchronized Set<String> replaceAll(Hoard listing) {
        var before = hoard;
        var others = new HashSet<>(before.givenUp());
        listing.policies().forEach(this::count);
        before.policies().forEach(this::discount);
        keepWithinBounds(listing, this::discount);
        others.addAll(listing.givenUp());
        hoard = listing;
        listing.policies()
                .forEach(
                        (key, now) -> {
                            var then = before.policies().get(key);
                            tell(key, then, now, false);
                        });
        before.policies()
                .forEach(
                        (key, then) -> {
                            if (listing.givenUp(key.namespace()).isPresent()) {
                                changed.accept(key);
                            } else if (!listing.policies().containsKey(key)) {
                                step(key, then, null, false);
                            }
                        });
        return others;
    }

    /// Nothing, where the namespace is given up.
    ///
    /// @return the namespaces that had to be given up for it
    synchronized Set<String> put(PolicyKey key, Held policy) {
        if (hasGivenUp(key.namespace())) {
            return Set.of();
        }
        count(key, policy);
        var before = hoard.put(key, policy);
        if (before != null) {
            discount(key, before);
        }
        tell(key, before, policy, true);
        var lost = new ArrayList<PolicyKey>();
        keepWithinBounds(
                hoard,
                (gone, held) -> {
                    discount(gone, held);
                    lost.add(gone);
                });
        lost.forEach(changed);
        return lost.stream().map(PolicyKey::namespace).collect(Collectors.toSet());
    }

    /// Until the next listing it is not known what the peer holds there.
    synchronized void giveUp(String namespace, String cause) {
        hoard.giveUp(
                namespace,
                cause,
                (key, held) -> {
                    discount(key, held);
                    changed.accept(key);
                });
    }

    synchronized void remove(PolicyKey key) {
        if (hasGivenUp(key.namespace())) {
            return;
        }
        var before = hoard.remove(key);
        if (before != null) {
            discount(key, before);
        }
        step(key, before, null, true);
    }

    /// It is no step of the policy if somebody only says something else of it.
    private void tell(PolicyKey key, @Nullable Held before, Held now, boolean isWatched) {
        if (!now.isStill(before)) {
            step(key, before, now, isWatched);
        } else if (!now.equals(before)) {
            changed.accept(key);
        }
    }

    private void step(PolicyKey key, @Nullable Held before, @Nullable Held now, boolean isWatched) {
        steps.taken(key, before, now, isWatched);
        changed.accept(key);
    }

    private void count(PolicyKey key, Held held) {
        if (!closed) {
            share.add(key, held);
        }
    }

    private void discount(PolicyKey key, Held held) {
        if (!closed) {
            share.remove(key, held);
        }
    }

    /// Leaves to the others what it took of what all may take; what is put in now counts no more.
    synchronized void close() {
        hoard.policies().forEach(this::discount);
        closed = true;
        share.close();
    }
}
