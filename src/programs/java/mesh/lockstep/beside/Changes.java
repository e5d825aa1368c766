package mesh.lockstep.beside;

import static mesh.lockstep.support.Waiting.LATER;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Load;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Yaml;

/// Changes that are asked for and not made: dry-run applies to a version, at the real API server.
final class Changes {

    private final Stage stage;
    private final String token;

    Changes(Stage stage) {
        this.stage = stage;
        stage.kubectl("create", "serviceaccount", "load");
        stage.kubectl(
                "create",
                "clusterrolebinding",
                "load",
                "--clusterrole=cluster-admin",
                "--serviceaccount=default:load");
        token = stage.kubectl("create", "token", "load", "--duration=4h").strip();
    }

    /// One, of the first policy of a namespace.
    ClusterApi.Answer change(String namespace, Version version) {
        return stage.api()
                .applyAt(Version.path(namespace, 0), version.policy(namespace, 0), "flux", true);
    }

    /// Many, of each policy of a namespace in turn.
    Load load(String namespace, Version version, int rate, Duration time) {
        var server = URI.create(stage.cluster().path("server").asText());
        var authority = Mesh.path(stage.cluster(), "caFile");
        var load = new Load(server.getAuthority(), authority, rate, time).token(token);
        for (int i = 0; i < Stage.POLICIES; i++) {
            load.request(
                    "PATCH",
                    server
                            + Version.path(namespace, i)
                            + "?dryRun=All&fieldManager=flux&force=true",
                    "application/apply-patch+yaml",
                    Yaml.json(version.policy(namespace, i)));
        }
        return load;
    }

    /// Waits until a change to what the peers have gets through, and one to what nobody has only if
    /// nobody judges.
    void awaitVerdicts(String namespace, boolean judged) {
        await().alias("verdicts in " + namespace)
                .atMost(LATER)
                .until(
                        () ->
                                change(namespace, Version.PEERS).succeeded()
                                        && change(namespace, Version.THIRD).succeeded() != judged);
    }
}
