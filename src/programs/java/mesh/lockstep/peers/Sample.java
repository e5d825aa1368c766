package mesh.lockstep.peers;

import java.util.Arrays;
import java.util.Locale;

/// How long something took, many times.
final class Sample {

    private final long[] nanos;

    /// @param nanos sorted
    private Sample(long[] nanos) {
        this.nanos = nanos;
    }

    static Sample of(int times, Runnable action) {
        var nanos = new long[times];
        for (int i = 0; i < times; i++) {
            var begun = System.nanoTime();
            action.run();
            nanos[i] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        return new Sample(nanos);
    }

    Sample and(Sample other) {
        var all = Arrays.copyOf(nanos, nanos.length + other.nanos.length);
        System.arraycopy(other.nanos, 0, all, nanos.length, other.nanos.length);
        Arrays.sort(all);
        return new Sample(all);
    }

    double micros(double quantile) {
        return nanos[(int) Math.min(nanos.length - 1L, (long) (nanos.length * quantile))] / 1000.0;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %.0f µs, p99 %.0f µs, n %d",
                micros(0.5),
                micros(0.99),
                nanos.length);
    }

    /// This in relation to another one.
    String over(Sample base) {
        return String.format(
                Locale.ROOT,
                "p50 %.2f, p99 %.2f",
                micros(0.5) / base.micros(0.5),
                micros(0.99) / base.micros(0.99));
    }
}
