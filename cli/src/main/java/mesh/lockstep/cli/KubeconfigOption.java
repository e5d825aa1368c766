package mesh.lockstep.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/// Where contexts are looked for.
final class KubeconfigOption {

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "The kubeconfig to use, instead of the files that the variable KUBECONFIG names, or else"
                            + " ~/.kube/config.")
    private String file = "";

    /// @throws Unusable if a file cannot be read
    Contexts read() throws Unusable {
        if (file.isEmpty()) {
            return Contexts.read(System.getenv());
        }
        if (!Files.isRegularFile(Path.of(file))) {
            throw new Unusable("there is no kubeconfig " + file);
        }
        return Contexts.read(Map.of(Contexts.VARIABLE, file));
    }
}
