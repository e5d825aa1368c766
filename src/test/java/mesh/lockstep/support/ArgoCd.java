package mesh.lockstep.support;

import static mesh.lockstep.support.Waiting.LATER;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Argo CD's application-controller and repo-server as processes: one for all clusters of a mesh,
/// which has its own objects in the first. It looks at a repository when an Application is
/// refreshed.
public final class ArgoCd implements AutoCloseable {

    private static final Path PROGRAM = Path.of("mesh/bin/argocd").toAbsolutePath();
    private static final Path KINDS = Path.of("mesh/bin/argocd-crds").toAbsolutePath();
    private static final String NAMESPACE = "/api/v1/namespaces/argocd";
    private static final String PROJECTS =
            "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/";
    private static final String APPLICATIONS =
            "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/";

    private final ClusterApi api;
    private final List<Process> processes = new ArrayList<>();

    /// @param clusters the first of which has Argo CD's own objects
    /// @param folder its own, for what it checks out
    public ArgoCd(Mesh mesh, List<ClusterApi> clusters, Path folder) {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException(
                    "Argo CD is not built: run mesh/build-tool.sh argocd, or make gitops");
        }
        api = clusters.getFirst();
        var kubectl = mesh.kubectl(api.cluster());
        kubectl.run("apply", "--server-side", "-k", KINDS.toString());
        await().atMost(LATER)
                .until(() -> kubectl.run("get", "applications,appprojects").succeeded());
        settle(mesh, clusters);
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("kubeconfig"), mesh.kubeconfig(api.cluster()));
            run(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void settle(Mesh mesh, List<ClusterApi> clusters) {
        apply(
                "/api/v1/namespaces/argocd",
                "{apiVersion: v1, kind: Namespace, metadata: {name: argocd}}");
        for (var name : List.of("argocd-cm", "argocd-rbac-cm")) {
            apply(
                    NAMESPACE + "/configmaps/" + name,
                    """
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: %s, namespace: argocd, labels: {app.kubernetes.io/part-of: argocd}}
                    """
                            .formatted(name));
        }
        apply(
                NAMESPACE + "/secrets/argocd-secret",
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: argocd-secret, namespace: argocd, labels: {app.kubernetes.io/part-of: argocd}}
                stringData: {server.secretkey: not-a-secret}
                """);
        apply(
                PROJECTS + "default",
                """
                apiVersion: argoproj.io/v1alpha1
                kind: AppProject
                metadata: {name: default, namespace: argocd}
                spec:
                  sourceRepos: ["*"]
                  destinations: [{namespace: "*", server: "*"}]
                  clusterResourceWhitelist: [{group: "*", kind: "*"}]
                """);
        for (var cluster : clusters) {
            apply(NAMESPACE + "/secrets/" + cluster.cluster(), access(mesh, cluster.cluster()));
        }
    }

    /// How Argo CD gets into a cluster: as its admin.
    private static String access(Mesh mesh, String cluster) {
        var admin = Config.fromKubeconfig(mesh.kubeconfig(cluster));
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: %1$s, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster}}
                stringData:
                  name: %1$s
                  server: %2$s
                  config: |
                    {"tlsClientConfig": {"caData": "%3$s", "certData": "%4$s", "keyData": "%5$s"}}
                """
                .formatted(
                        cluster,
                        admin.getMasterUrl().replaceFirst("/$", ""),
                        admin.getCaCertData(),
                        admin.getClientCertData(),
                        admin.getClientKeyData());
    }

    /// Argo CD's own metrics are the one thing that listens on all addresses: no flag changes that.
    private void run(Path folder) throws IOException {
        var redis = "127.0.0.1:" + Ports.free();
        int repositories = Ports.free();
        start(folder, "redis", redis);
        start(
                folder,
                "repo-server",
                "--address=127.0.0.1",
                "--port=" + repositories,
                "--metrics-address=127.0.0.1",
                "--metrics-port=" + Ports.free(),
                "--redis=" + redis,
                "--revision-cache-expiration=1s",
                "--disable-tls");
        start(
                folder,
                "application-controller",
                "--kubeconfig=" + folder.resolve("kubeconfig"),
                "--namespace=argocd",
                "--redis=" + redis,
                "--repo-server=127.0.0.1:" + repositories,
                "--repo-server-plaintext",
                "--metrics-port=" + Ports.free(),
                "--enable-k8s-event=none",
                "--app-resync=3600",
                "--app-resync-jitter=0");
    }

    private void start(Path folder, String... command) throws IOException {
        var all = new ArrayList<>(List.of(PROGRAM.toString()));
        all.addAll(List.of(command));
        var builder =
                new ProcessBuilder(all)
                        .redirectErrorStream(true)
                        .redirectOutput(Path.of("target/argocd-" + command[0] + ".log").toFile());
        builder.environment()
                .putAll(
                        Map.of(
                                "KUBECONFIG", folder.resolve("kubeconfig").toString(),
                                "TMPDIR", folder.toString(),
                                "ARGOCD_ASK_PASS_SOCK", folder.resolve("ask.sock").toString(),
                                "ARGOCD_GPG_ENABLED", "false"));
        var process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        processes.add(process);
    }

    /// Has a repository brought into a cluster, automatically, with pruning and self-healing.
    /// Nothing is deleted in the foreground: for that it takes Kubernetes' garbage collector, which
    /// is not here.
    ///
    /// @param name of the Application
    /// @param syncPolicy what else its `syncPolicy` says, as a YAML map
    public void follow(String name, Path repository, String cluster, String syncPolicy) {
        var application =
                (ObjectNode)
                        Yaml.read(
                                """
                                apiVersion: argoproj.io/v1alpha1
                                kind: Application
                                metadata: {name: %s, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io/background]}
                                spec:
                                  project: default
                                  source: {repoURL: "file://%s", targetRevision: main, path: .}
                                  destination: {name: %s, namespace: default}
                                  syncPolicy: %s
                                """
                                        .formatted(name, repository, cluster, syncPolicy));
        application.withObject("/spec/syncPolicy").set("automated", AUTOMATED);
        apply(APPLICATIONS + name, Yaml.write(application));
    }

    private static final JsonNode AUTOMATED = Yaml.read("{prune: true, selfHeal: true}");

    /// Has it look at the repository.
    public void refresh(String name) {
        api.patchAt(
                APPLICATIONS + name,
                Yaml.read("metadata: {annotations: {argocd.argoproj.io/refresh: normal}}"));
    }

    /// Switches automated synchronization off, or on again.
    public void automate(String name, boolean automated) {
        var patch = JsonNodeFactory.instance.objectNode();
        patch.withObject("/spec/syncPolicy")
                .set("automated", automated ? AUTOMATED : JsonNodeFactory.instance.nullNode());
        api.patchAt(APPLICATIONS + name, patch);
    }

    /// Its `status`.
    public JsonNode status(String name) {
        return api.getAt(APPLICATIONS + name).body().path("status");
    }

    /// Takes away an Application and what it made; over when it is gone. Nothing is deleted while
    /// it is being tried, without end, to bring the repository into the cluster: that has to be
    /// ended first, and again, since the controller writes over it what it is doing just then.
    public void forget(String name) {
        automate(name, false);
        api.deleteAt(APPLICATIONS + name);
        await().atMost(LATER)
                .until(
                        () -> {
                            terminate(name);
                            return api.getAt(APPLICATIONS + name).code() == 404;
                        });
    }

    private void terminate(String name) {
        if (status(name).at("/operationState/phase").asText().equals("Running")) {
            api.patchAt(
                    APPLICATIONS + name,
                    Yaml.read("status: {operationState: {phase: Terminating}}"));
        }
    }

    private void apply(String path, String object) {
        var answer = api.applyAt(path, Yaml.read(object), "argocd", false);
        if (!answer.succeeded()) {
            throw new IllegalStateException(answer.message());
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
