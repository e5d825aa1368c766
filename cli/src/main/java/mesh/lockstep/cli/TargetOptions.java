package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// In which clusters a command changes something: none that is not named.
final class TargetOptions {

    @Option(
            names = "--contexts",
            required = true,
            split = ",",
            paramLabel = "CONTEXT",
            description = "The kubectl contexts of the mesh's clusters, as a,b,c or 'prod-*'.")
    private List<String> contexts = new ArrayList<>();

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Mixin private KubeconfigOption kubeconfig = new KubeconfigOption();

    /// All contexts that there are.
    Contexts contexts() throws Unusable {
        return kubeconfig.read();
    }

    /// @throws Unusable if a context is named that is not there
    List<String> selected(Contexts found) throws Unusable {
        return found.select(contexts);
    }

    boolean isDryRun() {
        return dryRun;
    }
}
