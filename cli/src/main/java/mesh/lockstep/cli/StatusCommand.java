package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import mesh.lockstep.cli.Cluster.Arrival;
import mesh.lockstep.policy.Names;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Whether Lockstep works.
@Command(
        name = "status",
        description = {
            "Whether Lockstep works in these clusters: a table, and for each ✘ what is wrong and what to do; until"
                    + " when the credentials are valid that the clusters have for each other.",
            "A policy is sent as a dry run to be judged; nothing is changed. ? means that it may not be read, - that"
                    + " it was not checked."
        })
final class StatusCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private ClusterOptions clusters = new ClusterOptions();
    @Mixin private OutputOption output = new OutputOption();

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Unusable {
        var found = clusters.contexts();
        var selected = clusters.selected(found);
        var connection = new Connection(found);
        terminal.progress("Asking " + Names.first(selected, ", ") + " …");
        var arrivals = Few.each(selected, context -> Cluster.ask(context, connection));
        var here = distinct(arrivals);
        var done = new AtomicInteger();
        var healths =
                Few.each(
                        arrivals.stream().filter(arrival -> isLookedAt(arrival, here)).toList(),
                        arrival -> {
                            var health = health(arrival, here);
                            terminal.progress(
                                    "%s checked (%d of %d)"
                                            .formatted(
                                                    arrival.context(),
                                                    done.incrementAndGet(),
                                                    arrivals.size()));
                            return health;
                        });
        healths.forEach(health -> health.notes().forEach(terminal::note));
        clusters.require(healths.stream().noneMatch(Health::isUnread));
        output.print(
                terminal,
                () -> new StatusText(healths).print(terminal),
                () -> StatusJson.of(healths));
        return healths.stream().anyMatch(Health::isWrong) ? ExitCode.DIFFERENT : ExitCode.SAME;
    }

    /// Those that answer, each once.
    private List<Cluster> distinct(List<Arrival> arrivals) {
        var distinct = new ArrayList<Cluster>();
        for (var arrival : arrivals) {
            if (arrival instanceof Arrival.Here(var cluster)) {
                var twin =
                        distinct.stream()
                                .filter(each -> each.uid().isPresent())
                                .filter(each -> each.uid().equals(cluster.uid()))
                                .findFirst();
                if (twin.isPresent()) {
                    terminal.note(
                            "%s and %s are one cluster, which is looked at once"
                                    .formatted(twin.get().context(), cluster.context()));
                } else {
                    distinct.add(cluster);
                }
            }
        }
        return distinct;
    }

    private static boolean isLookedAt(Arrival arrival, List<Cluster> here) {
        return switch (arrival) {
            case Arrival.NotHere _ -> true;
            case Arrival.Here(var cluster) -> here.contains(cluster);
        };
    }

    private static Health health(Arrival arrival, List<Cluster> here) throws InterruptedException {
        return switch (arrival) {
            case Arrival.NotHere absent -> Health.none(absent);
            case Arrival.Here(var cluster) -> new Checkup(cluster, here).health();
        };
    }
}
