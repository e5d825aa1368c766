package mesh.lockstep.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Where copies of policies part.
@Command(
        name = "diff",
        description = {
            "Where the clusters' copies of a policy part, in the words of their manifests; with -f, where files"
                    + " would differ from what each cluster holds, and what its webhook would say if they were"
                    + " applied there now, as far as that depends on what the clusters hold.",
            "Several folders are compared with each other, without any cluster: each counts as one, by the"
                    + " folder's name. With --contexts, they are compared with the clusters."
        })
final class DiffCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private ClusterOptions clusters = new ClusterOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "A policy: NAME, cnp/NAME or ccnp/NAME. Without a kind, either.")
    private String name = "";

    @Mixin private FileOptions files = new FileOptions();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description =
                    "The policy's namespace, or that of files that name none. By default that of the current"
                            + " context.")
    private String namespace = "";

    @Mixin private ReportOption output = new ReportOption();

    DiffCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Unusable {
        if (name.isEmpty() == files.files().isEmpty()) {
            throw new Unusable("name a policy, or files with -f");
        }
        var result = compare();
        clusters.require(result.isComplete());
        output.print(terminal, () -> result.print(terminal), result::json, result::report);
        return result.differs() ? ExitCode.DIFFERENT : ExitCode.SAME;
    }

    private Result compare() throws Unusable {
        if (!name.isEmpty()) {
            return ofName();
        }
        return areFolders() && !clusters.areNamed() ? ofFolders() : ofFiles();
    }

    private Result ofName() throws Unusable {
        return NameDiff.of(name, home(), clusters.meet(terminal, 2));
    }

    private Result ofFiles() throws Unusable {
        var manifests = Manifests.some(files.in(home()).read(files.files()));
        return FileDiff.of(manifests, clusters.meet(terminal, 1), files.level());
    }

    private Result ofFolders() throws Unusable {
        var ofThoseWithout = namespace.isEmpty() ? "default" : namespace;
        return FolderDiff.of(files.files(), files.in(ofThoseWithout));
    }

    private boolean areFolders() {
        var named = files.files();
        return named.size() > 1
                && named.stream().allMatch(text -> Files.isDirectory(Path.of(text)));
    }

    private String home() throws Unusable {
        return namespace.isEmpty() ? clusters.namespace() : namespace;
    }
}
