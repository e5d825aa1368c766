package mesh.lockstep.drift;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import mesh.lockstep.peers.KubernetesPeers;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Testimony;
import mesh.lockstep.rollout.Testimony.NotFound;
import mesh.lockstep.rollout.Testimony.Shown;
import mesh.lockstep.rollout.Testimony.Silent;

/// The pages for people: HTML that is made here, without scripts.
@Singleton
class MeshPages {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Overviews overviews;
    private final DriftLifecycle drift;
    private final KubernetesPeers peers;
    private final Discretion discretion;
    private final Template matrix;
    private final Template policy;
    private final String style = resource("/mesh/style.css");
    private final String icon = resource("/mesh/icon.svg");

    MeshPages(
            Overviews overviews,
            DriftLifecycle drift,
            KubernetesPeers peers,
            Discretion discretion,
            @Location("matrix.html") Template matrix,
            @Location("policy.html") Template policy) {
        this.overviews = overviews;
        this.drift = drift;
        this.peers = peers;
        this.discretion = discretion;
        this.matrix = matrix;
        this.policy = policy;
    }

    String style() {
        return style;
    }

    String icon() {
        return icon;
    }

    String matrix(Selection selection, int members) {
        var overview = overviews.of(selection);
        var namespaces = overviews.namespaces();
        return matrix.data(
                        "page",
                        MatrixPage.of(overview, selection, namespaces, members, Instant.now()))
                .render();
    }

    /// Empty if there is no such policy in any member.
    ///
    /// @param peer with which to compare it: both copies are read now
    Optional<String> policy(PolicyKey key, Optional<ClusterName> peer) {
        return drift.find(key)
                .map(
                        it ->
                                PolicyPage.of(
                                        overviews.here(),
                                        it,
                                        peer,
                                        peer.map(name -> compare(key, name))
                                                .orElse(SideBySide.NONE),
                                        Instant.now()))
                .map(it -> policy.data("page", it).render());
    }

    private SideBySide compare(PolicyKey key, ClusterName peer) {
        var here = peers.here().orElseThrow();
        var testimonies = new HashMap<ClusterName, Testimony>();
        try (var answers = peers.ask(List.of(here, peer), key, Deadline.in(PATIENCE))) {
            answers.forEach(it -> testimonies.put(it.view().peer(), it));
        }
        var ours = Objects.requireNonNull(testimonies.get(here));
        var theirs = Objects.requireNonNull(testimonies.get(peer));
        return problem(ours)
                .or(() -> problem(theirs))
                .map(SideBySide::problem)
                .orElseGet(() -> SideBySide.of(shown(ours), shown(theirs), discretion.values()));
    }

    private static Optional<String> problem(Testimony testimony) {
        return switch (testimony) {
            case Shown _ -> Optional.empty();
            case NotFound(var peer) -> Optional.of(peer + " does not have it.");
            case Silent(var peer, var cause) -> Optional.of(peer + " cannot be read: " + cause);
        };
    }

    private static Policy shown(Testimony testimony) {
        return ((Shown) testimony).policy();
    }

    private static String resource(String name) {
        try (var in = MeshPages.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
