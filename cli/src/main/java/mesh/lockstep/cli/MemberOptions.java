package mesh.lockstep.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// In which members of a mesh a command changes something, and what they are called there.
final class MemberOptions {

    @Mixin private TargetOptions targets = new TargetOptions();

    @Option(
            names = "--name",
            paramLabel = "CONTEXT=NAME",
            description =
                    "A cluster's name in the mesh, where it is not the cluster-name in its ConfigMap"
                            + " kube-system/cilium-config. More than once, for several.")
    private Map<String, String> names = new LinkedHashMap<>();

    Contexts contexts() throws Unusable {
        return targets.contexts();
    }

    /// @throws Unusable if a context is named that is not there
    List<String> selected(Contexts found) throws Unusable {
        var selected = targets.selected(found);
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
        return targets.isDryRun();
    }
}
