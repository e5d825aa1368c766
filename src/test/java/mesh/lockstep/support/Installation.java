package mesh.lockstep.support;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What is played where clusters have no nodes: the kubelet, which runs the Deployment's pods and
/// says how they are, and the way from the Service to them.
public final class Installation implements AutoCloseable {

    private final Checkout checkout;
    private final TreeMap<String, List<Pod>> pods = new TreeMap<>();

    public Installation(Checkout checkout) {
        this.checkout = checkout;
    }

    /// Pods are played in namespaces of Linux, which not every machine offers.
    public static void assumeNamespaces(Checkout checkout) {
        assumeTrue(
                checkout.run("unshare --mount --map-root-user true").exitCode() == 0,
                "no namespaces of Linux here");
    }

    /// As many pods as the Deployment says, until they are ready and reached by the Service.
    public void runPods(String... clusters) {
        for (var cluster : clusters) {
            var replicas = kubectl(cluster, "get deployment lockstep -o jsonpath={.spec.replicas}");
            var started = new ArrayList<Pod>();
            for (int i = 0; i < Integer.parseInt(replicas); i++) {
                var folder = checkout.folder().resolve("pods").resolve(cluster + "-" + i);
                started.add(Pod.start(checkout.mesh(), cluster, folder));
            }
            pods.put(cluster, started);
        }
        for (var cluster : clusters) {
            pods(cluster).forEach(Pod::awaitReady);
            report(cluster);
            route(cluster);
        }
    }

    public Pod pod(String cluster) {
        return pods(cluster).getFirst();
    }

    private List<Pod> pods(String cluster) {
        return pods.getOrDefault(cluster, List.of());
    }

    /// What the kubelet reports of pods that are ready; the Deployment's status follows.
    private void report(String cluster) {
        await().until(() -> names(cluster).size() == pods(cluster).size());
        for (var pod : names(cluster)) {
            kubectl(
                    cluster,
                    "patch "
                            + pod
                            + " --subresource status --type merge --patch"
                            + " '{\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}'");
        }
        kubectl(cluster, "rollout status deployment lockstep --timeout=30s");
    }

    private List<String> names(String cluster) {
        return kubectl(cluster, "get pods -l app.kubernetes.io/name=lockstep -o name")
                .lines()
                .toList();
    }

    /// What kube-proxy does: the Service leads to a pod. The certificate is still checked for the
    /// Service's name. To be done again after the manifests were applied.
    public void route(String cluster) {
        var port = pod(cluster).httpsPort();
        kubectl(
                cluster,
                "patch service lockstep --type merge --patch"
                        + " '{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"localhost\",\"clusterIP\":null,\"clusterIPs\":null}}'");
        var entries = kubectl(cluster, "get validatingwebhookconfiguration lockstep -o json");
        var patch = new ArrayList<String>();
        for (int i = 0; i < Yaml.read(entries).path("webhooks").size(); i++) {
            patch.add(
                    "{\"op\":\"replace\",\"path\":\"/webhooks/%d/clientConfig/service/port\",\"value\":%d}"
                            .formatted(i, port));
        }
        kubectl(
                cluster,
                "patch validatingwebhookconfiguration lockstep --type json --patch '%s'"
                        .formatted(patch));
    }

    /// Brings changed Secrets into all pods, which takes the kubelet about a minute.
    public void refreshMounts() {
        pods.keySet().forEach(this::refreshMounts);
    }

    public void refreshMounts(String cluster) {
        pods(cluster).forEach(Pod::refreshMounts);
        route(cluster);
    }

    /// From now on the pods accept connections and answer nothing.
    public void freeze(String cluster) {
        signal(cluster, "STOP");
    }

    public void thaw(String cluster) {
        signal(cluster, "CONT");
    }

    private void signal(String cluster, String signal) {
        for (var pod : pods(cluster)) {
            checkout.succeed("kill -%s %d".formatted(signal, pod.process().pid()));
        }
    }

    private String kubectl(String cluster, String arguments) {
        return checkout.succeed("kubectl --context " + cluster + " -n lockstep " + arguments);
    }

    @Override
    public void close() {
        pods.values().forEach(all -> all.forEach(Pod::close));
    }
}
