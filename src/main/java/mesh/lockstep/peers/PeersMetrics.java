package mesh.lockstep.peers;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.ToDoubleFunction;
import mesh.lockstep.policy.PolicyKey.Kind;

/// How it stands with each peer, as numbers. A peer that left takes its series along.
@ApplicationScoped
class PeersMetrics {

    private final MultiGauge up;
    private final MultiGauge synced;
    private final MultiGauge lastHeard;
    private final MultiGauge policies;

    PeersMetrics(MeterRegistry registry) {
        up =
                MultiGauge.builder("lockstep.peer.up")
                        .description("Whether the peer can be compared from memory (1) or not (0)")
                        .register(registry);
        synced =
                MultiGauge.builder("lockstep.peer.synced")
                        .description(
                                "Whether everything the peer holds was read once (1) or not (0)")
                        .register(registry);
        lastHeard =
                MultiGauge.builder("lockstep.peer.last.heard.timestamp")
                        .description("When the peer was last heard of; 0: never")
                        .baseUnit("seconds")
                        .register(registry);
        policies =
                MultiGauge.builder("lockstep.peer.policies")
                        .description("How many policies the peer is remembered to hold")
                        .register(registry);
    }

    void show(List<PeerStatus> statuses) {
        up.register(rows(statuses, it -> it.up() ? 1 : 0), true);
        synced.register(rows(statuses, it -> it.synced() ? 1 : 0), true);
        lastHeard.register(rows(statuses, PeersMetrics::lastHeard), true);
        policies.register(
                statuses.stream()
                        .flatMap(
                                it ->
                                        it.policies().entrySet().stream()
                                                .map(
                                                        kind ->
                                                                ofKind(
                                                                        it,
                                                                        kind.getKey(),
                                                                        kind.getValue())))
                        .toList(),
                true);
    }

    private static List<Row<?>> rows(
            List<PeerStatus> statuses, ToDoubleFunction<PeerStatus> value) {
        return statuses.stream()
                .<Row<?>>map(
                        it -> Row.of(Tags.of("peer", it.peer().value()), value.applyAsDouble(it)))
                .toList();
    }

    private static Row<?> ofKind(PeerStatus status, Kind kind, int number) {
        return Row.of(Tags.of("peer", status.peer().value(), "kind", kind.kindName()), number);
    }

    private static double lastHeard(PeerStatus status) {
        return status.lastHeard().map(it -> it.toEpochMilli() / 1000.0).orElse(0.0);
    }
}
