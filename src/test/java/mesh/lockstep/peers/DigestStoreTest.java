package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import mesh.lockstep.peers.DigestStore.Held;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.Objection.ByCilium;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.PeerView.Lacks;
import mesh.lockstep.support.AlikeNames;
import mesh.lockstep.support.Effort;
import mesh.lockstep.support.Policies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DigestStoreTest {

    private static final ClusterName EAST = new ClusterName("east");
    private static final Held ONE =
            new Held(Policies.withPort(1).version(), Revision.NONE, Set.of());
    private static final Held TWO =
            new Held(Policies.withPort(2).version(), Revision.NONE, Set.of());

    private final Set<PolicyKey> changed = new HashSet<>();
    private final Set<PolicyKey> removed = new HashSet<>();
    private final Set<PolicyKey> watched = new HashSet<>();
    private final DigestStore store = store(Long.MAX_VALUE, new MemoryAllowance(Long.MAX_VALUE));

    @Test
    void isEmptyAtFirst() {
        assertThat(recall(1)).isEqualTo(new Lacks(EAST));
        assertThat(store.size()).isZero();
    }

    @Test
    void takesInWhatAWatchSays() {
        store.replaceAll(hoard(Map.of(key(1), ONE)));
        store.put(key(2), ONE);
        store.put(key(2), TWO);
        store.remove(key(1));
        store.remove(key(3));

        assertThat(recall(1)).isEqualTo(new Lacks(EAST));
        assertThat(recall(2)).isEqualTo(new Holds(EAST, TWO.version(), TWO.revision()));
        assertThat(store.size()).isEqualTo(1);
    }

    /// Eight times as many cost no more than thirty times as much; a search of all would cost 64.
    @Test
    void findsPoliciesByTheirOrderWhereNamesHaveOneHashCode() {
        var few = AlikeNames.of(10);
        var many = AlikeNames.of(13);
        assertThat(many.stream().map(String::hashCode).distinct()).hasSize(1);

        take(many);
        var once = Effort.of(() -> take(few)).nanos();
        var again = Effort.of(() -> take(many)).nanos();

        assertThat(again).isLessThan(30 * Math.max(once, 5_000_000));
    }

    private void take(List<String> names) {
        names.forEach(
                it -> store.put(new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", it), ONE));
    }

    @Test
    void doesNotTakeForDeletedWhatAListingGaveUp() {
        store.replaceAll(hoard(Map.of(key(1), ONE, noisy(1), ONE)));
        changed.clear();
        var listing = hoard(Map.of(noisy(1), ONE));
        listing.giveUp("noisy", "too much", (_, _) -> {});
        store.replaceAll(listing);

        assertThat(removed).containsExactly(key(1));
        assertThat(changed).containsExactlyInAnyOrder(key(1), noisy(1));
    }

    @Test
    void forgetsWhatANewListingDoesNotHave() {
        store.replaceAll(hoard(Map.of(key(1), ONE, key(2), ONE)));
        store.replaceAll(hoard(Map.of(key(2), TWO)));

        assertThat(recall(1)).isEqualTo(new Lacks(EAST));
        assertThat(recall(2)).isEqualTo(new Holds(EAST, TWO.version(), TWO.revision()));
    }

    @Test
    void tellsOfEachKeyUnderWhichSomethingElseIsHeld() {
        store.replaceAll(hoard(Map.of(key(1), ONE, key(2), ONE, key(3), ONE)));
        assertThat(changed).containsExactlyInAnyOrder(key(1), key(2), key(3));

        changed.clear();
        store.replaceAll(hoard(Map.of(key(1), ONE, key(2), TWO, key(4), ONE)));
        assertThat(changed).containsExactlyInAnyOrder(key(2), key(3), key(4));

        changed.clear();
        store.put(key(5), ONE);
        store.remove(key(1));
        assertThat(changed).containsExactlyInAnyOrder(key(5), key(1));
        assertThat(store.keys()).containsExactlyInAnyOrder(key(2), key(4), key(5));
    }

    /// What a policy was between two listings is not known.
    @Test
    void onlyWhatAWatchSaysIsWatched() {
        store.replaceAll(hoard(Map.of(key(1), ONE, key(2), ONE)));
        store.replaceAll(hoard(Map.of(key(1), TWO)));
        assertThat(watched).isEmpty();

        store.put(key(1), ONE);
        store.put(key(2), ONE);
        store.remove(key(2));
        assertThat(watched).containsExactlyInAnyOrder(key(1), key(2));
    }

    @Tag("slow")
    @Test
    void missesNothingWhileItIsReplaced() throws InterruptedException {
        var listing = new HashMap<PolicyKey, Held>();
        for (int i = 0; i < 1_000; i++) {
            listing.put(key(i), ONE);
        }
        store.replaceAll(hoard(listing));
        var stop = new AtomicBoolean();
        var missed = new AtomicInteger();
        var reading = new CountDownLatch(1);
        var reader =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!stop.get()) {
                                        missed.addAndGet(recall(500) instanceof Holds ? 0 : 1);
                                        reading.countDown();
                                    }
                                });
        reading.await();

        for (int i = 0; i < 1_000; i++) {
            store.replaceAll(hoard(listing));
        }
        stop.set(true);
        reader.join();

        assertThat(missed).hasValue(0);
    }

    @Test
    void givesUpTheNamespaceThatTakesMostAndKeepsTheOthers() {
        var bounded = store(20_000, new MemoryAllowance(Long.MAX_VALUE));
        bounded.put(key(1), ONE);
        for (int i = 0; i < 100; i++) {
            bounded.put(noisy(i), ONE);
        }

        assertThat(bounded.recall(EAST, key(1))).isInstanceOf(PeerView.Holds.class);
        assertThat(bounded.recall(EAST, key(2))).isEqualTo(new PeerView.Lacks(EAST));
        for (int i : new int[] {0, 99, 1_000}) {
            assertThat(bounded.recall(EAST, noisy(i)))
                    .isEqualTo(
                            new PeerView.Unknown(
                                    EAST, "holds more policies in noisy than there is memory for"));
        }
        assertThat(bounded.keys()).containsExactly(key(1));
        assertThat(changed).contains(noisy(0));

        bounded.replaceAll(hoard(Map.of(noisy(0), ONE)));
        assertThat(bounded.recall(EAST, noisy(0))).isInstanceOf(PeerView.Holds.class);
        assertThat(bounded.recall(EAST, noisy(1))).isEqualTo(new PeerView.Lacks(EAST));
    }

    /// All of them together, but only the one that takes more than an equal part gives up anything.
    @Test
    void sharesTheMemoryThatThereIsForAll() {
        var allowance = new MemoryAllowance(20_000);
        var large = store(Long.MAX_VALUE, allowance);
        var small = store(Long.MAX_VALUE, allowance);
        for (int i = 0; i < 40; i++) {
            large.put(noisy(i), version(i));
        }
        small.put(key(1), version(100));
        large.put(key(1), version(100));

        assertThat(small.keys()).containsExactly(key(1));
        assertThat(large.keys()).containsExactly(key(1));
        assertThat(large.hasGivenUp("noisy")).isTrue();
        assertThat(allowance.taken()).isBetween(600L, 1_000L);
        small.close();
        large.close();
        assertThat(allowance.taken()).isZero();
    }

    /// As most members do.
    @Test
    void countsOnceWhatManyHold() {
        var allowance = new MemoryAllowance(100_000);
        for (int peer = 0; peer < 10; peer++) {
            var store = store(Long.MAX_VALUE, allowance);
            for (int i = 0; i < 50; i++) {
                store.put(noisy(i), version(i));
            }
            assertThat(store.size()).isEqualTo(50);
        }
    }

    /// A status is no part of a policy: what follows policies' versions does not hear of it.
    @Test
    void whatIsSaidAgainstAPolicyIsToldButIsNoStepOfIt() {
        store.put(key(1), ONE);
        changed.clear();
        watched.clear();

        store.put(key(1), invalid("no"));
        assertThat(store.objections(key(1))).containsExactly(new ByCilium("no"));
        assertThat(changed).containsExactly(key(1));
        changed.clear();
        store.put(key(1), invalid("no"));
        assertThat(changed).isEmpty();
        store.replaceAll(hoard(Map.of(key(1), ONE)));

        assertThat(changed).containsExactly(key(1));
        assertThat(store.objections(key(1))).isEmpty();
        assertThat(store.objections(key(2))).isEmpty();
        assertThat(watched).isEmpty();
        assertThat(recall(1)).isEqualTo(new Holds(EAST, ONE.version(), ONE.revision()));
    }

    @Test
    void whatIsSaidAgainstPoliciesCounts() {
        assertThat(invalid("x".repeat(300)).weight(key(1)))
                .isGreaterThanOrEqualTo(ONE.weight(key(1)) + 300);
    }

    private static Held invalid(String message) {
        return new Held(ONE.version(), ONE.revision(), Set.of(), List.of(new ByCilium(message)));
    }

    private DigestStore store(long most, MemoryAllowance allowance) {
        return new DigestStore(changed::add, this::step, most, allowance.share());
    }

    private PeerView recall(int number) {
        return store.recall(EAST, key(number));
    }

    private void step(PolicyKey key, @Nullable Held before, @Nullable Held now, boolean isWatched) {
        if (before != null && now == null) {
            removed.add(key);
        }
        if (isWatched) {
            watched.add(key);
        }
    }

    private static Hoard hoard(Map<PolicyKey, Held> listing) {
        var hoard = new Hoard();
        listing.forEach(hoard::put);
        return hoard;
    }

    private static Held version(int port) {
        return new Held(Policies.withPort(1 + port).version(), Revision.NONE, Set.of());
    }

    private static PolicyKey noisy(int number) {
        return new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "noisy", "policy-" + number);
    }

    private static PolicyKey key(int number) {
        return new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", "policy-" + number);
    }
}
