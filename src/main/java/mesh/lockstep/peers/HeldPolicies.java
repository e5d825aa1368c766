package mesh.lockstep.peers;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import mesh.lockstep.apiserver.WatchEvent.Told;
import mesh.lockstep.policy.PolicyKey.Kind;

/// Takes what a peer's lists and events say of one kind into what is remembered of it, as far as it
/// can be followed.
final class HeldPolicies {

    private final Kind kind;
    private final Digesting digesting;
    private final DigestStore store;
    private final Consumer<Set<String>> changedIn;
    private final FairInflow inflow = new FairInflow(System::nanoTime);

    /// @param changedIn is told of namespaces of which more or less is compared than before
    HeldPolicies(
            Kind kind, Digesting digesting, DigestStore store, Consumer<Set<String>> changedIn) {
        this.kind = kind;
        this.digesting = digesting;
        this.store = store;
        this.changedIn = changedIn;
    }

    DigestStore store() {
        return store;
    }

    /// Of a whole list.
    void replace(Hoard hoard) {
        tell(store.replaceAll(hoard));
        inflow.anew();
    }

    /// Of one event.
    ///
    /// @param size of the event, in bytes
    /// @return why a list has to be read again; empty if there is no reason
    Optional<String> take(Told told, int size) {
        var object = new PolicyObject(kind, told.object());
        if (!(told instanceof Told.Bookmark) && !object.isNamed()) {
            return Optional.of("an event for an object without a valid name");
        }
        if (!isFollowed(told, object, size)) {
            return Optional.of("sends more than can be followed");
        }
        switch (told) {
            case Told.Present _ when store.hasGivenUp(object.namespace()) -> {}
            case Told.Present _ -> tell(store.put(digesting.key(object), digesting.held(object)));
            case Told.Deleted _ -> store.remove(object.key());
            case Told.Bookmark _ -> {}
        }
        return store.hasGivenUpTooMany() ? Optional.of(Listing.TOO_MANY) : Optional.empty();
    }

    private boolean isFollowed(Told told, PolicyObject object, int size) {
        return told instanceof Told.Bookmark
                ? inflow.takes(size, this::giveUp)
                : inflow.takes(object.namespace(), size, store::hasGivenUp, this::giveUp);
    }

    private void giveUp(String namespace) {
        store.giveUp(
                namespace,
                "sends more %s than can be followed".formatted(Hoard.policiesIn(namespace)));
        tell(Set.of(namespace));
    }

    private void tell(Set<String> namespaces) {
        if (!namespaces.isEmpty()) {
            changedIn.accept(namespaces);
        }
    }
}
