package mesh.lockstep.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Chance that falls the same way again for the same seed.
final class Dice {

    private final SplittableRandom random;

    private Dice(SplittableRandom random) {
        this.random = random;
    }

    /// For the pair of this index alone: it does not depend on those before it.
    static Dice of(long seed, long index) {
        return new Dice(new SplittableRandom(seed * 0x9E3779B97F4A7C15L + index));
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /// @param percent of the throws that say yes
    boolean chance(int percent) {
        return below(100) < percent;
    }

    <T> T one(List<T> of) {
        return of.get(below(of.size()));
    }

    @SafeVarargs
    final <T> T one(T... of) {
        return of[below(of.length)];
    }

    /// A number from 1 to the bound, lower ones more often.
    int few(int bound) {
        return 1 + below(1 + below(bound));
    }

    <T> List<T> shuffled(List<T> list) {
        var shuffled = new ArrayList<>(list);
        for (var i = shuffled.size() - 1; i > 0; i--) {
            var j = below(i + 1);
            var moved = shuffled.set(i, shuffled.get(j));
            shuffled.set(j, moved);
        }
        return shuffled;
    }
}
