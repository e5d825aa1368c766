package mesh.lockstep.drift;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Conditions;

/// How many policies are in which state with which peer, as numbers. A peer that leaves takes its
/// series with it.
final class DriftMetrics implements Conditions.Listener {

    private final Tally policies;
    private final Tally unenforced;

    /// Policies by whatever their tags say.
    private static final class Tally {

        private final Map<Tags, Integer> counts = new ConcurrentHashMap<>();
        private final MultiGauge gauge;
        private Set<Tags> shown = Set.of();

        Tally(MultiGauge gauge) {
            this.gauge = gauge;
        }

        void count(Tags tags, int change) {
            counts.merge(tags, change, Integer::sum);
        }

        void show() {
            counts.values().removeIf(count -> count == 0);
            var present = Set.copyOf(counts.keySet());
            if (!present.equals(shown)) {
                shown = present;
                gauge.register(present.stream().<Row<?>>map(this::row).toList(), true);
            }
        }

        private Row<?> row(Tags tags) {
            return Row.of(tags, counts, map -> map.getOrDefault(tags, 0));
        }
    }

    /// Registers what is read when it is asked for.
    DriftMetrics(MeterRegistry registry, Conditions conditions) {
        policies =
                new Tally(
                        MultiGauge.builder("lockstep.policies")
                                .description(
                                        "Policies in this state between this cluster and the peer")
                                .register(registry));
        unenforced =
                new Tally(
                        MultiGauge.builder("lockstep.unenforced.policies")
                                .description("Policies that the member's Cilium does not enforce")
                                .register(registry));
        Gauge.builder("lockstep.oldest.divergence", () -> oldest(conditions.all().stream()))
                .description("Age of the oldest drift in seconds; 0 if there is none")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("lockstep.last.full.pass.timestamp", () -> seconds(conditions.lastFullPass()))
                .description("When all policies were last checked; 0: never")
                .baseUnit("seconds")
                .register(registry);
    }

    @Override
    public void judged(Optional<Condition> before, Optional<Condition> after) {
        before.ifPresent(condition -> count(condition, -1));
        after.ifPresent(condition -> count(condition, 1));
    }

    /// Brings the series up to date with the peers; their values are read when they are asked for.
    /// By one thread.
    void show() {
        policies.show();
        unenforced.show();
    }

    private void count(Condition condition, int change) {
        var kind = Tags.of("kind", condition.key().kind().kindName());
        condition
                .relations()
                .forEach(
                        (peer, relation) -> {
                            var state = kind.and("state", relation.state().word());
                            policies.count(state.and("peer", peer.value()), change);
                        });
        for (var member : condition.objections().keySet()) {
            unenforced.count(kind.and("member", member.value()), change);
        }
    }

    private static double oldest(Stream<Condition> conditions) {
        return conditions
                .filter(condition -> condition.state().isDrift())
                .flatMap(Condition::drifting)
                .flatMap(relation -> relation.firstSeen().stream())
                .min(Comparator.naturalOrder())
                .map(firstSeen -> Duration.between(firstSeen, Instant.now()).toMillis() / 1000.0)
                .map(age -> Math.max(0, age))
                .orElse(0.0);
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }
}
