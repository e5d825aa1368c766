package mesh.lockstep.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.DriftRules;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PeerView.Apart;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.PeerView.Lacks;
import mesh.lockstep.rollout.PeerView.Unknown;
import mesh.lockstep.rollout.Scope;

/// The copies of a policy in all members that are compared.
///
/// @param views one of each member
/// @param standing how they stand to each other, by the rules by which each member's webhook sees
///   the others
record Copies(PolicyKey key, List<PeerView> views, Standing standing) {

    Copies {
        views = List.copyOf(views);
    }

    /// The members that hold one version of it.
    ///
    /// @param letter by which it is called: `A` is what most hold
    record Variant(String letter, Version version, List<Holds> holders) {
        Variant {
            holders = List.copyOf(holders);
        }
    }

    /// @param scope which policies are compared at all
    static Copies of(PolicyKey key, List<PeerView> views, Scope scope) {
        return new Copies(key, views, scope.has(key) ? standing(views) : Standing.EXEMPT);
    }

    private static Standing standing(List<PeerView> views) {
        var worst = Standing.EXEMPT;
        var different = isForAll(views) ? distinct(views) : views;
        if (different.size() < views.size() && holdsTwice(views)) {
            worst = Standing.AGREES;
        }
        for (var ours : different) {
            for (var theirs : different) {
                if (!ours.peer().equals(theirs.peer())) {
                    worst = between(ours, theirs).map(worst::worse).orElse(worst);
                }
            }
        }
        return worst;
    }

    /// How one member sees another; empty where neither has it.
    static Optional<Standing> between(PeerView ours, PeerView theirs) {
        return new DriftRules(ours.peer(), Duration.ZERO).compare(ours, theirs).map(Standing::of);
    }

    /// Whether it does not matter which member has what.
    private static boolean isForAll(List<PeerView> views) {
        return views.stream()
                .allMatch(
                        view ->
                                !(view instanceof Holds holds)
                                        || holds.version().members() instanceof Members.All);
    }

    /// One of each kind, so that a mesh of hundreds of members has few pairs.
    private static List<PeerView> distinct(List<PeerView> views) {
        var seen = new HashSet<Object>();
        return views.stream().filter(view -> seen.add(kind(view))).toList();
    }

    private static Object kind(PeerView view) {
        return switch (view) {
            case Holds(_, var version, var revision) -> List.of(version, revision);
            case Lacks _ -> Lacks.class;
            case Apart _ -> Apart.class;
            case Unknown _ -> Unknown.class;
        };
    }

    private static boolean holdsTwice(List<PeerView> views) {
        var held = new HashSet<Object>();
        return views.stream()
                .filter(Holds.class::isInstance)
                .anyMatch(view -> !held.add(kind(view)));
    }

    /// What is held, the version of most members first.
    List<Variant> variants() {
        var holders = new LinkedHashMap<Version, List<Holds>>();
        for (var view : views) {
            if (view instanceof Holds holds) {
                holders.computeIfAbsent(holds.version(), _ -> new ArrayList<>()).add(holds);
            }
        }
        var sorted =
                holders.entrySet().stream()
                        .sorted(Comparator.comparingInt(entry -> -entry.getValue().size()))
                        .toList();
        var variants = new ArrayList<Variant>();
        for (var each : sorted) {
            variants.add(new Variant(letter(variants.size()), each.getKey(), each.getValue()));
        }
        return variants;
    }

    private static String letter(int index) {
        var letters = 'Z' - 'A' + 1;
        var letter = String.valueOf((char) ('A' + index % letters));
        return index < letters ? letter : letter + (index / letters + 1);
    }

    /// The members for which it is meant, by the copy of another one, and that do not have it.
    List<Lacks> missing() {
        return views.stream()
                .filter(Lacks.class::isInstance)
                .map(Lacks.class::cast)
                .filter(this::isMissed)
                .toList();
    }

    private boolean isMissed(Lacks lacks) {
        return views.stream()
                .filter(Holds.class::isInstance)
                .anyMatch(
                        view -> between(view, lacks).filter(Standing.MISSING::equals).isPresent());
    }

    /// The members of which it is not known what they hold.
    List<Unknown> unknown() {
        return views.stream().filter(Unknown.class::isInstance).map(Unknown.class::cast).toList();
    }
}
