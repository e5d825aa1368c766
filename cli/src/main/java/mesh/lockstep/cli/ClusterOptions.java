package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.peers.Pool;
import mesh.lockstep.policy.Names;
import picocli.CommandLine.Option;

/// Which clusters a command looks at.
final class ClusterOptions {

    @Option(
            names = "--contexts",
            split = ",",
            paramLabel = "CONTEXT",
            description =
                    "The kubectl contexts of the mesh's clusters, as a,b,c or 'prod-*'. Without it, all that the"
                            + " kubeconfig has.")
    private List<String> contexts = new ArrayList<>();

    @Option(
            names = "--require-all",
            description = "Fail if a cluster cannot be compared, instead of comparing the others.")
    private boolean all;

    boolean areNamed() {
        return !contexts.isEmpty();
    }

    /// Asks the clusters who they are, and says which cannot be compared.
    ///
    /// @throws Unusable if none is left to compare, or all are required
    Meeting meet(Terminal terminal, int atLeast) throws Unusable {
        var found = Contexts.read(System.getenv());
        var selected = found.select(contexts);
        if (terminal.watched()) {
            terminal.note("Asking " + Names.first(selected, ", ") + " …");
        }
        var meeting = Meeting.of(selected, new Connection(found), new Pool());
        meeting.notes().forEach(terminal::note);
        meeting.absent().forEach(it -> terminal.note(it.text()));
        if (meeting.members().size() < atLeast) {
            throw new Unusable(
                    "nothing to compare: %d of %d clusters can be read"
                            .formatted(meeting.members().size(), selected.size()));
        }
        require(meeting.absent().isEmpty());
        return meeting;
    }

    /// @param complete whether everything could be compared
    /// @throws Unusable if it could not, and all are required
    void require(boolean complete) throws Unusable {
        if (all && !complete) {
            throw new Unusable("not all clusters could be compared, and --require-all is set");
        }
    }

    /// The namespace in which kubectl would look.
    static String namespace() throws Unusable {
        return Contexts.read(System.getenv()).namespace();
    }
}
