package mesh.lockstep.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import mesh.lockstep.cli.Meeting.Absent;
import mesh.lockstep.cli.Watching.Pause;
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

    private static final int MIN_SECONDS = 5;

    private final Terminal terminal;
    private final Pause pause;

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

    @Option(
            names = {"-w", "--watch"},
            description =
                    "Look again from time to time, and print what has changed, until Ctrl-C; the exit code is that of"
                            + " the last look.")
    private boolean watched;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            description =
                    "With --watch, how long to wait between two looks: by default 30, at least 5, and more where"
                            + " looking takes long.")
    private int seconds = 30;

    @Mixin private ReportOption output = new ReportOption();

    /// @param pause between two looks
    CheckCommand(Terminal terminal, Pause pause) {
        this.terminal = terminal;
        this.pause = pause;
    }

    @Override
    public Integer call() throws Unusable {
        if (allNamespaces && !namespace.isEmpty()) {
            throw new Unusable("-n and -A exclude each other");
        }
        if (watched) {
            return watch();
        }
        var look = look(terminal);
        var text = look.text();
        output.print(
                terminal,
                () -> text.print(terminal),
                () -> SurveyJson.of(look.survey(), look.absent()),
                () -> SurveyReport.of(text, look.absent()));
        return look.exitCode();
    }

    private int watch() throws Unusable {
        if (output.format().isReport()) {
            throw new Unusable("--watch prints a table, json or yaml");
        }
        if (seconds < MIN_SECONDS) {
            throw new Unusable("--every is %d at least".formatted(MIN_SECONDS));
        }
        return new Watching(terminal, output.format(), Terminal.isScreen(), this::look, pause)
                .run(Duration.ofSeconds(seconds));
    }

    private Snapshot look(Terminal notes) throws Unusable {
        try (var connection = new Connection(clusters.contexts())) {
            return look(clusters.meet(notes, 2, connection), notes);
        }
    }

    private Snapshot look(Meeting meeting, Terminal notes) throws Unusable {
        var query = new Query(namespace, selector);
        var read = new ArrayList<Inventory>();
        var absent = new ArrayList<>(meeting.absent());
        for (var inventory : read(meeting.members(), query)) {
            var cause = inventory.isUnread(query);
            if (cause.isPresent()) {
                var absentee = new Absent(inventory.member().context(), cause.get());
                absent.add(absentee);
                notes.note(absentee.text());
            } else {
                read.add(inventory);
                inventory.notes().forEach(notes::note);
            }
        }
        clusters.require(
                absent.isEmpty() && read.stream().allMatch(each -> each.unread().isEmpty()));
        if (read.size() < 2) {
            throw new Unusable("nothing to compare: policies can be read in one cluster at most");
        }
        var survey = Survey.of(read);
        survey.groupsUnread().forEach(name -> notes.note(name + ": CIDR groups could not be read"));
        return new Snapshot(survey, absent, everything);
    }

    /// All copies are read with the settings of one cluster, as its webhook reads them.
    private static List<Inventory> read(List<Member> members, Query query) {
        var pool = new Pool();
        var reader = new PolicyReader(members.getFirst().settings()).with(new Meanings());
        return Few.each(members, member -> Inventory.read(member, query, reader, pool));
    }
}
