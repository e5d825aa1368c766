package mesh.lockstep.pages;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import mesh.lockstep.peers.KubernetesPeers;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Conditions;
import mesh.lockstep.rollout.Discretion;

/// The pages for people: HTML that is made here, without scripts.
@Singleton
class MeshPages {

    private final OverviewSource overviews;
    private final Conditions conditions;
    private final LiveComparison comparisons;
    private final Discretion discretion;
    private final Template matrix;
    private final Template policy;
    private final String style = resource("/mesh/style.css");
    private final String icon = resource("/mesh/icon.svg");

    MeshPages(
            OverviewSource overviews,
            Conditions conditions,
            KubernetesPeers peers,
            Discretion discretion,
            @Location("matrix.html") Template matrix,
            @Location("policy.html") Template policy) {
        this.overviews = overviews;
        this.conditions = conditions;
        this.discretion = discretion;
        this.comparisons = new LiveComparison(peers, discretion);
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

    /// The state of a policy.
    ///
    /// @param peer with which to compare it: both copies are read now
    /// @param gone whether nobody waits for the page any more
    PolicyAnswer policy(PolicyKey key, Optional<ClusterName> peer, BooleanSupplier gone) {
        var condition = conditions.find(key);
        if (condition.isEmpty()) {
            return new PolicyAnswer.Nowhere();
        }
        var comparison =
                peer.map(name -> comparisons.with(name, key, gone))
                        .orElse(Optional.of(SideBySide.NONE));
        return comparison
                .<PolicyAnswer>map(side -> page(condition.get(), peer, side))
                .orElseGet(PolicyAnswer.Crowded::new);
    }

    private PolicyAnswer.Page page(
            Condition condition, Optional<ClusterName> peer, SideBySide comparison) {
        var page =
                PolicyPage.of(
                        overviews.here(), condition, peer, comparison, discretion, Instant.now());
        return new PolicyAnswer.Page(policy.data("page", page).render());
    }

    private static String resource(String name) {
        try (var in = MeshPages.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
