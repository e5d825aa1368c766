package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Names;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Takes a member out of a mesh.
@Command(
        name = "disconnect",
        description = {
            "Member NAME leaves: the clusters of these contexts forget it, and revoke its tokens at once; and it"
                    + " forgets them, if it is among them. It need not answer, nor have a context any more: its tokens"
                    + " are useless then.",
            "What can be done is done, and what is left is listed. Exit codes: 0 done, 2 something is left to do:"
                    + " repeat it."
        })
final class DisconnectCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private MemberOptions members = new MemberOptions();

    @Parameters(
            paramLabel = "NAME",
            description = "The name of the member that leaves, in the mesh.")
    private String name = "";

    DisconnectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Unusable {
        if (!ClusterName.isValid(name)) {
            throw new Unusable(
                    "%s is not the name of a cluster in a mesh".formatted(Quoted.of(name)));
        }
        var found = members.contexts();
        var selected = members.selected(found);
        terminal.progress("Asking " + Names.first(selected, ", ") + " …");
        var gathered = Gathering.of(selected, new Connection(found), members, _ -> {});
        var gone = new ClusterName(name);
        var leaving =
                gathered.partners().stream().filter(each -> each.name().equals(gone)).findFirst();
        var staying =
                gathered.partners().stream().filter(each -> !each.name().equals(gone)).toList();
        gathered.leftOut().forEach(terminal::note);
        for (var partner : staying) {
            if (leaving.isPresent()) {
                requireSame(partner, leaving.get());
            }
        }
        var leaves = leaves(staying, leaving, gone);
        if (leaves.isEmpty() && gathered.partners().stream().noneMatch(Leave::isIdle)) {
            throw new Unusable(
                    "none of the %d clusters that can be read knows %s"
                            .formatted(staying.size(), name));
        }
        if (members.isDryRun()) {
            leaves.stream()
                    .flatMap(List::stream)
                    .forEach(leave -> terminal.line("would: " + leave.text()));
            return ExitCode.SAME;
        }
        var failed = take(leaves, gathered.partners());
        if (leaving.isEmpty()) {
            terminal.note(
                    name
                            + " was not asked: what it has stays there, and its tokens for the clusters above are refused");
        }
        if (failed || !gathered.leftOut().isEmpty()) {
            terminal.note("not everything is done, see above: repeat it");
            return ExitCode.ERROR;
        }
        return ExitCode.SAME;
    }

    /// A cluster with the name of another one would take that one with it.
    private static void requireSame(Partner here, Partner leaving) throws Unusable {
        var file = here.known().get(leaving.name().value());
        if (file != null && file.uid().filter(text -> !text.equals(leaving.uid())).isPresent()) {
            throw new Unusable(
                    "%s calls itself %s, which %s knows as a different cluster. If that one leaves, leave %s out of --contexts: it need not answer"
                            .formatted(
                                    leaving.context(),
                                    leaving.name(),
                                    here.name(),
                                    leaving.context()));
        }
    }

    /// What is to be done in each cluster, by one thread.
    private static List<List<Leave>> leaves(
            List<Partner> staying, Optional<Partner> leaving, ClusterName gone) {
        var leaves = new ArrayList<List<Leave>>();
        for (var partner : staying) {
            leaves.add(List.of(new Leave(partner, gone)));
        }
        if (leaving.isPresent()) {
            leaves.add(
                    staying.stream().map(each -> new Leave(leaving.get(), each.name())).toList());
        }
        return leaves.stream()
                .map(its -> its.stream().filter(Leave::isDue).toList())
                .filter(its -> !its.isEmpty())
                .toList();
    }

    private boolean take(List<List<Leave>> leaves, List<Partner> partners) {
        var steps = new ArrayList<Step>();
        Few.each(leaves, DisconnectCommand::takeAll).forEach(steps::addAll);
        Few.each(partners, Leave::sweep).forEach(steps::addAll);
        for (var step : steps) {
            if (step.failed()) {
                terminal.note(step.text());
            } else {
                terminal.line(step.text());
            }
        }
        return steps.stream().anyMatch(Step::failed);
    }

    private static List<Step> takeAll(List<Leave> leaves) throws InterruptedException {
        var steps = new ArrayList<Step>();
        for (var leave : leaves) {
            steps.add(leave.take());
        }
        return steps;
    }
}
