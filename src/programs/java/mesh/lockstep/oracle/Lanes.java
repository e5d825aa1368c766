package mesh.lockstep.oracle;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import mesh.lockstep.oracle.Oracle.Asked;

/// Judges pairs side by side: a lane for each processor, with an oracle of its own. Which lane
/// judges a pair does not matter, since each is drawn by its index alone.
final class Lanes {

    private static final int LANES = Runtime.getRuntime().availableProcessors();

    /// Pairs that a lane judges before it says what it found.
    private static final long BLOCK = 500;

    private final LongFunction<Pair> draw;
    private final Predicate<Pair> isExplained;
    private final long pairs;
    private final Consumer<Tally> told;
    private final AtomicLong next = new AtomicLong();
    private final Tally all;

    /// @param told what was found so far, after each block
    Lanes(LongFunction<Pair> draw, Predicate<Pair> isExplained, long pairs, Consumer<Tally> told) {
        this.draw = draw;
        this.isExplained = isExplained;
        this.pairs = pairs;
        this.told = told;
        all = new Tally(isExplained);
    }

    Tally judge() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(LANES)) {
            var lanes =
                    IntStream.range(0, LANES).mapToObj(_ -> threads.submit(this::lane)).toList();
            for (var lane : lanes) {
                lane.get();
            }
        }
        return all;
    }

    private void lane() {
        try (var oracle = new Oracle()) {
            for (var from = take(); from < pairs; from = take()) {
                var found = new Tally(isExplained);
                var block = LongStream.range(from, Math.min(from + BLOCK, pairs));
                var asked = block.mapToObj(draw).map(it -> new Asked<>(it, it.question()));
                oracle.askAll(asked.iterator(), found::add);
                tell(found);
            }
        } finally {
            // Where one lane fails, the others need not go on.
            next.set(pairs);
        }
    }

    private long take() {
        return next.getAndAdd(BLOCK);
    }

    private synchronized void tell(Tally found) {
        all.add(found);
        told.accept(all);
    }
}
