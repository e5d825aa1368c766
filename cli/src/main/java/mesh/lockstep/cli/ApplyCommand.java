package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import mesh.lockstep.peers.Pool;
import mesh.lockstep.policy.Names;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Rolls policies out.
@Command(
        name = "apply",
        description = {
            "Applies policies to the clusters of these contexts, one after the other in the order in which they are"
                    + " named: server-side, and read back. Before that, each is asked whether it would take all of"
                    + " them; if one would not, or does not answer, nothing is changed anywhere.",
            "Stops at what is refused or fails, and says who has what. It is safe to repeat: what a cluster has already"
                    + " is not written again.",
            "Exit codes: 0 all have it, or would; 1 one refused, or would; 2 an error."
        })
final class ApplyCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private TargetOptions options = new TargetOptions();

    @Mixin private FileOptions files = new FileOptions();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description =
                    "The namespace of policies that name none. By default that of the current context.")
    private String namespace = "";

    @Option(
            names = "--field-manager",
            paramLabel = "NAME",
            description =
                    "Who the API server notes as the author of the fields. By default kubectl, as kubectl apply"
                            + " --server-side does.")
    private String manager = "kubectl";

    @Option(
            names = "--force-conflicts",
            description = "Also change fields of which somebody else is the author.")
    private boolean force;

    @Mixin private OutputOption output = new OutputOption();

    ApplyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Unusable {
        var found = options.contexts();
        var selected = options.selected(found);
        if (files.files().isEmpty()) {
            throw new Unusable("name files with -f");
        }
        var home = namespace.isEmpty() ? found.namespace() : namespace;
        var manifests = Manifests.some(files.in(home).readOnlyPolicies(files.files()));
        var targets = targets(selected, new Connection(found));
        var trial = trial(manifests, targets);
        if (options.isDryRun() || !trial.isGood()) {
            trial.warn(terminal);
            output.print(terminal, () -> trial.print(terminal), trial::json);
            if (!options.isDryRun()) {
                terminal.note("nothing was applied");
            }
            return trial.exitCode();
        }
        return applied(trial, new Applying(terminal, targets)).exitCode();
    }

    private Applied applied(Applied trial, Applying applying) {
        var applied = new AtomicReference<>(trial);
        output.print(
                terminal,
                () -> {
                    applied.set(applying.run(trial, terminal::line));
                    terminal.line(applied.get().summary());
                },
                () -> {
                    applied.set(applying.run(trial, terminal::progress));
                    return applied.get().json();
                });
        return applied.get();
    }

    private Applied trial(List<Manifest> manifests, List<Target> targets) {
        var policies = new ArrayList<Applied.OfOne>();
        for (var manifest : manifests) {
            terminal.progress("Asking for " + manifest.key().qualifiedName() + " …");
            policies.add(new Applied.OfOne(manifest, Trial.of(manifest, targets, files.level())));
        }
        return new Applied(false, policies);
    }

    /// @throws Unusable if not all of them answer
    private List<Target> targets(List<String> selected, Connection connection) throws Unusable {
        terminal.progress("Asking " + Names.first(selected, ", ") + " …");
        var meeting = Meeting.of(selected, connection, new Pool());
        meeting.notes().forEach(terminal::note);
        meeting.absent().forEach(absent -> terminal.note(absent.context() + ": " + absent.cause()));
        if (!meeting.absent().isEmpty()) {
            throw new Unusable(
                    "nothing was applied: %d of %d clusters cannot be used; to leave them out, name the others"
                            .formatted(meeting.absent().size(), selected.size()));
        }
        var targets = new ArrayList<Target>();
        for (var member : meeting.members()) {
            targets.add(Target.of(member, connection.server(member.context()), manager, force));
        }
        return targets;
    }
}
