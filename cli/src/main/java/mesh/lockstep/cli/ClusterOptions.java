package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.peers.Pool;
import mesh.lockstep.policy.Names;
import picocli.CommandLine.Mixin;
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
            description =
                    "Fail if something of a cluster cannot be read, instead of looking at the others.")
    private boolean all;

    @Mixin private KubeconfigOption kubeconfig = new KubeconfigOption();

    boolean areNamed() {
        return !contexts.isEmpty();
    }

    /// All contexts that there are.
    Contexts contexts() throws Unusable {
        return kubeconfig.read();
    }

    /// @throws Unusable if a context is named that is not there
    List<String> selected(Contexts found) throws Unusable {
        return found.select(contexts);
    }

    /// Asks the clusters who they are, and says which cannot be compared.
    ///
    /// @throws Unusable if none is left to compare, or all are required
    Meeting meet(Terminal terminal, int atLeast) throws Unusable {
        return meet(terminal, atLeast, new Connection(contexts()));
    }

    /// The same by a connection that ends some time.
    Meeting meet(Terminal terminal, int atLeast, Connection connection) throws Unusable {
        var selected = selected(connection.contexts());
        terminal.progress("Asking " + Names.first(selected, ", ") + " …");
        var meeting = Meeting.of(selected, connection, new Pool());
        meeting.notes().forEach(terminal::note);
        meeting.absent().forEach(absent -> terminal.note(absent.text()));
        if (meeting.members().size() < atLeast) {
            throw new Unusable(
                    "nothing to compare: %d of %d clusters can be read"
                            .formatted(meeting.members().size(), selected.size()));
        }
        require(meeting.absent().isEmpty());
        return meeting;
    }

    /// @param complete whether everything could be read
    /// @throws Unusable if it could not, and all are required
    void require(boolean complete) throws Unusable {
        if (all && !complete) {
            throw new Unusable("not everything could be read, and --require-all is set");
        }
    }

    /// The namespace in which kubectl would look.
    String namespace() throws Unusable {
        return contexts().namespace();
    }
}
