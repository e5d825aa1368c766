package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mesh.lockstep.peers.DigestStore.Held;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.support.Effort;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Test;

class DigestStoreTest {

    private static final Held ONE =
            new Held(Policies.withPort(1).version(), Revision.NONE, Set.of());
    private static final Held TWO =
            new Held(Policies.withPort(2).version(), Revision.NONE, Set.of());

    private final Set<PolicyKey> changed = new HashSet<>();
    private final DigestStore store = new DigestStore(changed::add);

    @Test
    void isEmptyAtFirst() {
        assertThat(store.find(key(1))).isEmpty();
        assertThat(store.size()).isZero();
    }

    @Test
    void takesInWhatAWatchSays() {
        store.replaceAll(Map.of(key(1), ONE));
        store.put(key(2), ONE);
        store.put(key(2), TWO);
        store.remove(key(1));
        store.remove(key(3));

        assertThat(store.find(key(1))).isEmpty();
        assertThat(store.find(key(2))).contains(TWO);
        assertThat(store.size()).isEqualTo(1);
    }

    /// Each half of a name is one of two that have the same hash code.
    @Test
    void findsPoliciesWhoseNamesHaveOneHashCodeAsFastAsOthers() {
        var alike = new ArrayList<>(List.of(""));
        for (int i = 0; i < 13; i++) {
            alike.replaceAll(it -> it + "an");
            alike.addAll(alike.stream().map(it -> it.substring(0, it.length() - 2) + "c0").toList());
        }
        assertThat(alike.stream().map(String::hashCode).distinct()).hasSize(1);
        var ordinary = IntStream.range(0, alike.size()).mapToObj(i -> "policy-" + i).toList();

        store.replaceAll(Map.of());
        take(ordinary);
        var few = Effort.of(() -> take(ordinary)).nanos();
        var many = Effort.of(() -> take(alike)).nanos();

        assertThat(many).isLessThan(50 * few);
    }

    private void take(List<String> names) {
        names.forEach(it -> store.put(new PolicyKey(Kind.NETWORK_POLICY, "default", it), ONE));
    }

    @Test
    void forgetsWhatANewListingDoesNotHave() {
        store.replaceAll(Map.of(key(1), ONE, key(2), ONE));
        store.replaceAll(Map.of(key(2), TWO));

        assertThat(store.find(key(1))).isEmpty();
        assertThat(store.find(key(2))).contains(TWO);
    }

    @Test
    void tellsOfEachKeyUnderWhichSomethingElseIsHeld() {
        store.replaceAll(Map.of(key(1), ONE, key(2), ONE, key(3), ONE));
        assertThat(changed).containsExactlyInAnyOrder(key(1), key(2), key(3));

        changed.clear();
        store.replaceAll(Map.of(key(1), ONE, key(2), TWO, key(4), ONE));
        assertThat(changed).containsExactlyInAnyOrder(key(2), key(3), key(4));

        changed.clear();
        store.put(key(5), ONE);
        store.remove(key(1));
        assertThat(changed).containsExactlyInAnyOrder(key(5), key(1));
        assertThat(store.keys()).containsExactlyInAnyOrder(key(2), key(4), key(5));
    }

    @Test
    void missesNothingWhileItIsReplaced() throws InterruptedException {
        var listing = new HashMap<PolicyKey, Held>();
        for (int i = 0; i < 1_000; i++) {
            listing.put(key(i), ONE);
        }
        store.replaceAll(listing);
        var stop = new AtomicBoolean();
        var missed = new AtomicInteger();
        var reading = new CountDownLatch(1);
        var reader =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!stop.get()) {
                                        missed.addAndGet(store.find(key(500)).isEmpty() ? 1 : 0);
                                        reading.countDown();
                                    }
                                });
        reading.await();

        for (int i = 0; i < 1_000; i++) {
            store.replaceAll(listing);
        }
        stop.set(true);
        reader.join();

        assertThat(missed).hasValue(0);
    }

    private static PolicyKey key(int number) {
        return new PolicyKey(Kind.NETWORK_POLICY, "default", "policy-" + number);
    }
}
