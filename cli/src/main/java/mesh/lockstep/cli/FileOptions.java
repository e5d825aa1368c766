package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.rollout.Level;
import picocli.CommandLine.Option;

/// The files that a command judges, and by which level.
final class FileOptions {

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description =
                    "A file, a folder, or - for standard input: YAML or JSON, also several documents. More than"
                            + " once, for several.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = {"-R", "--recursive"},
            description = "Read the folders in a folder as well.")
    private boolean recursive;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description =
                    "The level of the webhooks: strict, deny, warn or audit. By default deny; the label of a"
                            + " namespace counts as it does for them.")
    private Level level = Level.DENY;

    List<String> files() {
        return files;
    }

    /// @param namespace of policies that name none
    Manifests in(String namespace) {
        return new Manifests(namespace, recursive);
    }

    Level level() {
        return level;
    }
}
