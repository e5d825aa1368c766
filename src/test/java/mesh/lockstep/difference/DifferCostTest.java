package mesh.lockstep.difference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Spec;
import mesh.lockstep.support.Effort;
import mesh.lockstep.support.ManyDifferences;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What it costs to say where two policies part, however many places that is.
@Tag("slow")
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

    /// A port that is the only one of its entry makes the same rule as the entry; and what the two
    /// policies mean is known.
    @Test
    void readsNothingTwice() {
        var read = new ArrayList<List<JsonNode>>();
        var spec =
                """
                endpointSelector: {}
                ingress: [{toPorts: [{ports: [{port: "%d"}]}]}]
                egress: [{toEntities: [all]}]
                """;
        var here = readInto(read, Policies.withSpec(spec.formatted(80)));
        var there = readInto(read, Policies.withSpec(spec.formatted(81)));

        assertThat(Policies.differences(here, there)).hasSize(1);
        assertThat(read).as("the rules without egress").hasSize(2).doesNotHaveDuplicates();
    }

    /// The same policy, which notes what is read on trial.
    private static Policy readInto(List<List<JsonNode>> read, Policy policy) {
        var spec = policy.spec();
        var noting = new Noting(read, spec.reading());
        return new Policy(
                policy.key(), policy.intent(), new Spec(spec.rules(), noting), policy.meaning());
    }

    private record Noting(List<List<JsonNode>> read, Function<List<JsonNode>, Meaning> reading)
            implements Function<List<JsonNode>, Meaning> {

        @Override
        public Meaning apply(List<JsonNode> rules) {
            read.add(rules);
            return reading.apply(rules);
        }
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
