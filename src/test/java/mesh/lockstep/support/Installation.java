package mesh.lockstep.support;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What is played where clusters have no nodes: pods for the Deployment and its status, the way
/// from the Service to them, and what happens to the contents of a namespace that is deleted.
public final class Installation implements AutoCloseable {

    private final Checkout checkout;
    private final TreeMap<String, List<Pod>> pods = new TreeMap<>();
    private final List<Thread> controllers = new ArrayList<>();

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

    /// What the Deployment's controller reports.
    private void report(String cluster) {
        var count = pods(cluster).stream().filter(Pod::isReady).count();
        kubectl(
                cluster,
                """
                patch deployment lockstep --subresource status --type merge --patch \
                '{"status":{"observedGeneration":%s,"replicas":%2$d,"updatedReplicas":%2$d,"readyReplicas":%2$d,"availableReplicas":%2$d}}'\
                """
                        .formatted(
                                kubectl(
                                        cluster,
                                        "get deployment lockstep -o jsonpath={.metadata.generation}"),
                                count));
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

    /// Plays the namespace controller: when the namespace is deleted, what is left in it goes, and
    /// then the namespace itself.
    public void endNamespaces(String... clusters) {
        for (var cluster : clusters) {
            controllers.add(Thread.ofVirtual().start(() -> endNamespace(cluster)));
        }
    }

    private void endNamespace(String cluster) {
        var kubectl = checkout.mesh().kubectl(cluster);
        await().forever()
                .until(
                        () ->
                                kubectl.run(
                                                "get",
                                                "ns",
                                                "lockstep",
                                                "-o",
                                                "jsonpath={.status.phase}")
                                        .out()
                                        .equals("Terminating"));
        var kinds =
                kubectl.run("api-resources", "--namespaced", "--verbs=list,delete", "-o", "name")
                        .out()
                        .strip()
                        .replace('\n', ',');
        kubectl.run("delete", kinds, "--all", "-n", "lockstep");
        kubectl.runWithInput(
                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"lockstep\"},\"spec\":{\"finalizers\":[]}}",
                "replace",
                "--raw",
                "/api/v1/namespaces/lockstep/finalize",
                "-f",
                "-");
    }

    private String kubectl(String cluster, String arguments) {
        return checkout.succeed("kubectl --context " + cluster + " -n lockstep " + arguments);
    }

    @Override
    public void close() {
        pods.values().forEach(all -> all.forEach(Pod::close));
        controllers.forEach(Thread::interrupt);
    }
}
