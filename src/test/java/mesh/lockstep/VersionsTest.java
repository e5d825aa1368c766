package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.regex.Pattern;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;

/// The versions that `k8s/README.md` names are those that the tests run.
class VersionsTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([A-Za-z -]+) \\| .* \\| ([0-9]+[.][0-9]+[.][0-9]+) \\|$");

    @Test
    void whatIsSaidToBeTestedIs() throws IOException {
        var tested = new LinkedHashMap<String, String>();
        tested.put("Kubernetes", module("mesh/go.mod", "k8s.io/kubernetes"));
        tested.put("Cilium", module("mesh/crds/go.mod", "github.com/cilium/cilium"));
        tested.put(
                "cert-manager",
                module("mesh/certmanager/go.mod", "github.com/cert-manager/cert-manager"));
        tested.put("Prometheus operator", found("mesh/build.sh", "PROMETHEUS_OPERATOR=v(.+)"));
        tested.put("Helm", module("mesh/helm/go.mod", "helm.sh/helm/v4"));

        var said = new LinkedHashMap<String, String>();
        ROW.matcher(Files.readString(Path.of("k8s/README.md")))
                .results()
                .forEach(it -> said.put(it.group(1), it.group(2)));

        assertThat(said).isEqualTo(tested);
    }

    @Test
    void theChartTakesTheOldestKubernetesThatIsSaidToDo() throws IOException {
        var oldest = found("k8s/README.md", "\\| Kubernetes \\| ([0-9.]+):.*");

        assertThat(Yaml.read(Path.of("charts/lockstep/Chart.yaml")).path("kubeVersion").asText())
                .isEqualTo(">=" + oldest + ".0-0");
    }

    private static String module(String file, String name) throws IOException {
        return found(
                file, "(?:require )?\\s*" + Pattern.quote(name) + " v([0-9.]+)(?: // indirect)?");
    }

    private static String found(String file, String line) throws IOException {
        var found =
                Pattern.compile("(?m)^(?:readonly )?" + line + "$")
                        .matcher(Files.readString(Path.of(file)));
        assertThat(found.find()).as("%s in %s", line, file).isTrue();
        return found.group(1);
    }
}
