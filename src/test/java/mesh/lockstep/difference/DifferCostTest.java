package mesh.lockstep.difference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.support.Effort;
import mesh.lockstep.support.ManyDifferences;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What it costs to say where two policies part, however many places that is.
@Tag("cost")
class DifferCostTest {

    private static final int MANY = 6_000;
    private static final int VERY_MANY = 60_000;

    /// Processor time. It takes a tenth of this; anything n² takes minutes.
    private static final Duration BOUNDED = Duration.ofSeconds(20);

    private static final long MOST_BYTES = 3L << 30;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource
    void tenTimesAsManyPlacesCostTenTimesAsMuchOrLess(ManyDifferences kind) {
        var many = cost(kind, MANY);
        var veryMany = cost(kind, VERY_MANY);

        assertThat(veryMany)
                .isLessThan(Math.max(15 * many, MOST_BYTES / 100))
                .isLessThan(MOST_BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void explainsNothingForNobody(ManyDifferences kind) {
        var looks = new AtomicInteger();
        var gone = later().orOnce(() -> looks.incrementAndGet() > 2);

        var differences = Differ.between(kind.here(MANY), kind.there(MANY), gone);

        assertThat(differences.isNone()).isFalse();
        assertThat(looks.get()).isLessThan(6);
    }

    @Test
    void explainsAnOrdinaryPolicyHoweverLateItIs() {
        var past = Deadline.in(Duration.ZERO);

        var differences = Differ.between(Policies.withPort(80), Policies.withPort(81), past);

        assertThat(differences.complete()).isTrue();
        assertThat(differences.places())
                .extracting(Difference::path)
                .containsExactly("ingress[0].toPorts[0].ports[0].port");
    }

    @Test
    void showsTheFirstOfVeryManyPlaces() {
        var kind = ManyDifferences.EXCEPTIONS;

        var differences = Differ.between(kind.here(VERY_MANY), kind.there(VERY_MANY), later());

        assertThat(differences.places().getFirst())
                .isEqualTo(
                        new Difference.Changed(
                                "ingress[0].fromCIDRSet[0].except[0]",
                                "10.0.0.0/32",
                                "10.1.134.160/32"));
    }

    /// Bytes that are allocated, by this thread.
    private static long cost(ManyDifferences kind, int n) {
        var here = kind.here(n);
        var there = kind.there(n);
        var before = THREADS.getCurrentThreadAllocatedBytes();
        var differences = Effort.within(BOUNDED, () -> Differ.between(here, there, later()));
        assertThat(differences.isNone()).isFalse();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static Deadline later() {
        return Deadline.in(Duration.ofMinutes(5));
    }
}
