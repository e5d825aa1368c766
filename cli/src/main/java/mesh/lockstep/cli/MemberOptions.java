package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// In which clusters a command changes something: none that is not named.
final class MemberOptions {

    @Option(
            names = "--contexts",
            required = true,
            split = ",",
            paramLabel = "CONTEXT",
            description = "The kubectl contexts of the mesh's clusters, as a,b,c or 'prod-*'.")
    private List<String> contexts = new ArrayList<>();

    @Option(
            names = "--name",
            paramLabel = "CONTEXT=NAME",
            description =
                    "A cluster's name in the mesh, where it is not the cluster-name in its ConfigMap"
                            + " kube-system/cilium-config. More than once, for several.")
    private Map<String, String> names = new LinkedHashMap<>();

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Mixin private KubeconfigOption kubeconfig = new KubeconfigOption();

    Contexts contexts() throws Unusable {
        return kubeconfig.read();
    }

    /// @throws Unusable if a context is named that is not there
    List<String> selected(Contexts found) throws Unusable {
        var selected = found.select(contexts);
        requireSelected("--name", names, selected);
        for (var name : names.values()) {
            if (!ClusterName.isValid(name)) {
                throw new Unusable(
                        "%s is not the name of a cluster in a mesh".formatted(Quoted.of(name)));
            }
        }
        return selected;
    }

    /// An option for a context that is not listed is a mistake.
    static void requireSelected(String option, Map<String, ?> values, List<String> selected)
            throws Unusable {
        for (var context : values.keySet()) {
            if (!selected.contains(context)) {
                throw new Unusable(
                        "%s is about %s, which is not among --contexts: %s"
                                .formatted(option, context, String.join(", ", selected)));
            }
        }
    }

    /// What the user calls a cluster.
    Optional<String> name(String context) {
        return Optional.ofNullable(names.get(context));
    }

    boolean isDryRun() {
        return dryRun;
    }
}
