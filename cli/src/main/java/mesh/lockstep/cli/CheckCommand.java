package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import mesh.lockstep.cli.Meeting.Absent;
import mesh.lockstep.peers.Pool;
import mesh.lockstep.policy.Meanings;
import mesh.lockstep.policy.reading.PolicyReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What differs between clusters now.
@Command(
        name = "check",
        description =
                "What differs between these clusters now: policies by cluster, the worst first; also settings of"
                        + " Cilium by which the same policy behaves differently, and CIDR groups that are missing.")
final class CheckCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private ClusterOptions clusters = new ClusterOptions();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Only the policies of this namespace.")
    private String namespace = "";

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Those of all namespaces, and clusterwide ones: the default.")
    private boolean allNamespaces;

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "SELECTOR",
            description =
                    "Only policies with these labels in any cluster, as kubectl takes them: 'app=web'.")
    private String selector = "";

    @Option(names = "--all", description = "List policies that agree as well.")
    private boolean everything;

    @Mixin private ReportOption output = new ReportOption();

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Unusable {
        if (allNamespaces && !namespace.isEmpty()) {
            throw new Unusable("-n and -A exclude each other");
        }
        var meeting = clusters.meet(terminal, 2);
        var query = new Query(namespace, selector);
        var read = new ArrayList<Inventory>();
        var absent = new ArrayList<>(meeting.absent());
        for (var inventory : read(meeting.members(), query)) {
            var cause = inventory.isUnread(query);
            if (cause.isPresent()) {
                var absentee = new Absent(inventory.member().context(), cause.get());
                absent.add(absentee);
                terminal.note(absentee.text());
            } else {
                read.add(inventory);
                inventory.notes().forEach(terminal::note);
            }
        }
        clusters.require(absent.isEmpty() && read.stream().allMatch(it -> it.unread().isEmpty()));
        if (read.size() < 2) {
            throw new Unusable("nothing to compare: policies can be read in one cluster at most");
        }
        return print(Survey.of(read), absent);
    }

    /// All copies are read with the settings of one cluster, as its webhook reads them.
    private static List<Inventory> read(List<Member> members, Query query) {
        var pool = new Pool();
        var reader = new PolicyReader(members.getFirst().settings()).with(new Meanings());
        return Few.each(members, it -> Inventory.read(it, query, reader, pool));
    }

    private int print(Survey survey, List<Absent> absent) {
        survey.groupsUnread().forEach(it -> terminal.note(it + ": CIDR groups could not be read"));
        var text = new SurveyText(survey, everything, survey.members().size() + absent.size());
        output.print(
                terminal,
                () -> text.print(terminal),
                () -> SurveyJson.of(survey, absent),
                () -> text.report(absent));
        var differs = survey.policies().stream().anyMatch(it -> it.standing().isDifference());
        return differs ? ExitCode.DIFFERENT : ExitCode.SAME;
    }
}
