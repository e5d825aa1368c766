package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.cli.Applied.OfOne;
import mesh.lockstep.cli.Turn.Became;

/// Applies policies: each to one cluster after the other, and only then the next. Stops at the
/// first that is not taken.
final class Applying {

    private final Terminal terminal;
    private final List<Target> targets;
    private final Set<String> said = new HashSet<>();
    private boolean stopped;

    /// @param targets in the order in which they have their turns
    Applying(Terminal terminal, List<Target> targets) {
        this.terminal = terminal;
        this.targets = targets;
    }

    /// @param trial what would become of them
    /// @param out is told what became of them, line by line
    Applied run(Applied trial, Consumer<String> out) {
        var policies = new ArrayList<OfOne>();
        for (var policy : trial.policies()) {
            policies.add(roll(policy, out));
        }
        return new Applied(true, policies);
    }

    private OfOne roll(OfOne policy, Consumer<String> out) {
        var manifest = policy.manifest();
        out.accept(Applied.title(manifest));
        var turns = new ArrayList<Turn>();
        var before = stopped;
        for (int i = 0; i < targets.size(); i++) {
            var turn = turn(manifest, i, policy.turns().get(i));
            stopped |= !turn.became().isGood();
            Applied.warnings(turn).filter(said::add).forEach(terminal::note);
            Applied.lines(turn, i, targets.size(), true).forEach(out);
            turns.add(turn);
        }
        var rolled = new OfOne(manifest, turns);
        if (stopped && !before) {
            tellTheWays(rolled);
        }
        return rolled;
    }

    private Turn turn(Manifest manifest, int index, Turn foretold) {
        var target = targets.get(index);
        if (stopped) {
            return Turn.left(target.name());
        }
        if (foretold.became() == Became.UNCHANGED) {
            return Turn.good(target.name(), Became.UNCHANGED, List.of());
        }
        terminal.progress(Applied.count(target.name() + " …", index, targets.size()));
        return Few.each(List.of(target), each -> write(manifest, each, foretold.became()))
                .getFirst();
    }

    private static Turn write(Manifest manifest, Target target, Became foretold)
            throws InterruptedException {
        var reply = target.apply(manifest);
        if (reply.answer() instanceof Rejected) {
            return Turn.notTaken(target.name(), manifest.key(), reply);
        }
        var held = target.held(manifest.key());
        if (target.holds(manifest, held)) {
            return Turn.good(target.name(), foretold, reply.warnings());
        }
        var resource = manifest.key().kind().plural();
        var read =
                held instanceof Given
                        ? "it holds something else now"
                        : "it cannot be read back: " + Cause.of(held, "get", resource);
        return Turn.failed(
                target.name(),
                reply.answer() instanceof Given
                        ? "was applied, but " + read
                        : Cause.of(reply.answer(), "patch", resource) + "; then, " + read,
                reply.warnings());
    }

    /// From where it stopped, on and back.
    private void tellTheWays(OfOne policy) {
        var key = policy.manifest().key();
        terminal.note(
                "stopped at %s, with %s; applied in: %s; not applied in: %s"
                        .formatted(
                                names(policy, Became.REFUSED, Became.FAILED),
                                key.qualifiedName(),
                                names(policy, Became.CREATED, Became.CHANGED, Became.UNCHANGED),
                                names(policy, Became.LEFT)));
        terminal.note(
                "To go on, repeat the command: what a cluster has already is not written again.");
        var changed = contexts(policy.with(Became.CHANGED));
        if (!changed.isEmpty()) {
            terminal.note(
                    "To go back, apply what it was before with %s: that is always admitted."
                            .formatted(Quoted.contexts(changed)));
        }
        for (var context : contexts(policy.with(Became.CREATED))) {
            terminal.note(
                    "To go back: kubectl --context %s delete %s %s%s"
                            .formatted(
                                    Quoted.of(context),
                                    key.kind().shortName(),
                                    Quoted.of(key.name()),
                                    key.kind().namespaced()
                                            ? " -n " + Quoted.of(key.namespace())
                                            : ""));
        }
    }

    private static String names(OfOne policy, Became... became) {
        var names =
                policy.turns().stream()
                        .filter(turn -> List.of(became).contains(turn.became()))
                        .map(turn -> turn.cluster().value())
                        .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    private List<String> contexts(List<Turn> turns) {
        var names = turns.stream().map(Turn::cluster).collect(Collectors.toSet());
        return targets.stream()
                .filter(target -> names.contains(target.name()))
                .map(target -> target.member().context())
                .toList();
    }
}
