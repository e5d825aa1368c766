package mesh.lockstep.peers;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// What happens in a peer, as far as it can be followed: beyond that, it is not followed where most
/// happened since the last listing, and everywhere else it is.
///
/// For one thread.
final class FairInflow {

    /// What is passed over is hardly read. No API server stores as much in a second.
    private static final int PASSED_OVER = 16;

    /// More than any cluster has; those beyond count as none in particular.
    private static final int MOST_NAMESPACES = 20_000;

    private final Inflow inflow;
    private final Inflow passedOver;
    private final Map<String, Long> used = new HashMap<>();
    private long usedByNone;

    FairInflow(LongSupplier nanoTime) {
        inflow = new Inflow(nanoTime, 1);
        passedOver = new Inflow(nanoTime, PASSED_OVER);
    }

    /// All was listed.
    void anew() {
        used.clear();
        usedByNone = 0;
    }

    /// Whether an event of no namespace can be followed.
    boolean takes(int size, Consumer<String> giveUp) {
        usedByNone += Inflow.EVENT + size;
        return makesRoom(size, giveUp);
    }

    /// Whether an event can be followed, or passed over.
    ///
    /// @param isGivenUp whether it is not followed what happens in a namespace
    /// @param giveUp makes that true of one
    boolean takes(
            String namespace, int size, Predicate<String> isGivenUp, Consumer<String> giveUp) {
        if (!isGivenUp.test(namespace)) {
            if (!used.containsKey(namespace) && used.size() >= MOST_NAMESPACES) {
                return takes(size, giveUp);
            }
            used.merge(namespace, Inflow.EVENT + size, Long::sum);
            if (!makesRoom(size, giveUp)) {
                return false;
            }
        }
        return !isGivenUp.test(namespace) || passedOver.takes(size);
    }

    private boolean makesRoom(int size, Consumer<String> giveUp) {
        while (!inflow.takes(size)) {
            var most = mostUsing();
            if (most.isEmpty()) {
                return false;
            }
            giveUp.accept(most.get().getKey());
            inflow.giveBack(most.get().getValue());
            used.remove(most.get().getKey());
        }
        return true;
    }

    private Optional<Map.Entry<String, Long>> mostUsing() {
        return used.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(entry -> entry.getValue() > usedByNone);
    }
}
