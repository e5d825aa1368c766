package mesh.lockstep.peers;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey.Kind;

/// The state of each peer, as numbers. A peer that leaves takes its series with it.
@Singleton
class PeersMetrics {

    private final KubernetesPeers peers;
    private final MultiGauge up;
    private final MultiGauge synced;
    private final MultiGauge lastHeard;
    private final MultiGauge policies;
    private final MultiGauge expiry;
    private final MultiGauge notRenewed;
    private final MultiGauge misnamed;
    private final MultiGauge certificate;
    private volatile Instant folderRead = Instant.EPOCH;
    private Set<ClusterName> shown = Set.of();
    private Set<ClusterName> expiring = Set.of();
    private Set<ClusterName> certified = Set.of();

    PeersMetrics(MeterRegistry registry, KubernetesPeers peers) {
        this.peers = peers;
        up =
                MultiGauge.builder("lockstep.peer.up")
                        .description("Whether the peer can be compared from memory (1) or not (0)")
                        .register(registry);
        synced =
                MultiGauge.builder("lockstep.peer.synced")
                        .description(
                                "Whether all policies of the peer have been read once (1) or not (0)")
                        .register(registry);
        lastHeard =
                MultiGauge.builder("lockstep.peer.last.heard.timestamp")
                        .description("When the peer was last heard from; 0: never")
                        .baseUnit("seconds")
                        .register(registry);
        policies =
                MultiGauge.builder("lockstep.peer.policies")
                        .description("Policies the peer is known to have")
                        .register(registry);
        expiry =
                MultiGauge.builder("lockstep.peer.credential.expiry.timestamp")
                        .description("When the credential used to read the peer expires")
                        .baseUnit("seconds")
                        .register(registry);
        notRenewed =
                MultiGauge.builder("lockstep.peer.credential.not.renewed")
                        .description(
                                "Whether a new credential does not work, so that the old one is used (1), or not (0)")
                        .register(registry);
        misnamed =
                MultiGauge.builder("lockstep.peer.misnamed")
                        .description(
                                "Whether the peer's Cilium has a different name for it (1) or not (0)")
                        .register(registry);
        certificate =
                MultiGauge.builder("lockstep.peer.certificate.expiry.timestamp")
                        .description("When the certificate of the peer's API server expires")
                        .baseUnit("seconds")
                        .register(registry);
        Gauge.builder("lockstep.peers.folder.last.read.timestamp", () -> seconds(folderRead))
                .description("When the folder of peers was last read; 0: never")
                .baseUnit("seconds")
                .register(registry);
    }

    void folderWasRead() {
        folderRead = Instant.now();
    }

    /// Brings the series up to date with the peers; their values are read when they are asked for.
    /// By one thread.
    void show(List<PeerStatus> statuses) {
        var names = names(statuses.stream());
        if (!names.equals(shown)) {
            shown = names;
            showPeers();
        }
        var ending = names(statuses.stream().filter(status -> status.expires().isPresent()));
        if (!ending.equals(expiring)) {
            expiring = ending;
            // A credential that does not say when it ends has no such series.
            expiry.register(rows(expiring, status -> seconds(status.expires())), true);
        }
        var shownToUs =
                names(statuses.stream().filter(status -> status.certificateExpires().isPresent()));
        if (!shownToUs.equals(certified)) {
            certified = shownToUs;
            certificate.register(
                    rows(certified, status -> seconds(status.certificateExpires())), true);
        }
    }

    private static Set<ClusterName> names(Stream<PeerStatus> statuses) {
        return statuses.map(PeerStatus::peer).collect(Collectors.toUnmodifiableSet());
    }

    private void showPeers() {
        up.register(rows(shown, status -> status.up() ? 1 : 0), true);
        synced.register(rows(shown, status -> status.synced() ? 1 : 0), true);
        notRenewed.register(rows(shown, status -> status.notRenewed().isPresent() ? 1 : 0), true);
        misnamed.register(rows(shown, status -> status.callsItself().isPresent() ? 1 : 0), true);
        lastHeard.register(rows(shown, PeersMetrics::lastHeard), true);
        policies.register(
                shown.stream()
                        .flatMap(name -> Arrays.stream(Kind.values()).map(kind -> row(name, kind)))
                        .toList(),
                true);
    }

    private List<Row<?>> rows(Set<ClusterName> names, ToDoubleFunction<PeerStatus> value) {
        return names.stream()
                .<Row<?>>map(name -> row(name, Tags.of("peer", name.value()), value))
                .toList();
    }

    private Row<?> row(ClusterName name, Kind kind) {
        return row(
                name,
                Tags.of("peer", name.value(), "kind", kind.kindName()),
                status -> status.policies().getOrDefault(kind, 0));
    }

    private Row<?> row(ClusterName name, Tags tags, ToDoubleFunction<PeerStatus> value) {
        return Row.of(
                tags,
                peers,
                peers -> peers.status(name).map(value::applyAsDouble).orElse(Double.NaN));
    }

    private static double lastHeard(PeerStatus status) {
        return status.lastHeard().map(PeersMetrics::seconds).orElse(0.0);
    }

    private static double seconds(Optional<Instant> moment) {
        return moment.map(PeersMetrics::seconds).orElse(Double.NaN);
    }

    private static double seconds(Instant moment) {
        return moment.toEpochMilli() / 1000.0;
    }
}
