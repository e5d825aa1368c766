package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import mesh.lockstep.kubeconfig.Kubeconfig;
import mesh.lockstep.support.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectTest {

    private static final String AUTHORITY = TestCertificate.authority().certificateData();
    private static final String ACCOUNT =
            "api/v1/namespaces/lockstep/serviceaccounts/lockstep-peer";

    @TempDir private Path folder;
    private StubMesh mesh;

    @BeforeEach
    void start() {
        mesh = new StubMesh(folder, 3);
    }

    @AfterEach
    void end() {
        mesh.close();
    }

    private Ran connect(String... arguments) {
        return connect(3, arguments);
    }

    /// The others find them elsewhere than the user does.
    private Ran connect(int size, String... arguments) {
        try {
            var authority =
                    Files.write(folder.resolve("ca"), Base64.getDecoder().decode(AUTHORITY));
            var all = new ArrayList<>(List.of("connect", "--contexts=cluster*"));
            for (int i = 1; i <= size; i++) {
                all.add("--server=cluster%d=https://192.0.2.%d:6443".formatted(i, i));
                all.add("--ca=cluster%d=%s".formatted(i, authority));
            }
            all.addAll(List.of(arguments));
            return mesh.run(all.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void nothingIsChanged(Ran ran, String cause) {
        assertThat(ran.err()).contains(cause);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(mesh.clusters).allSatisfy(it -> assertThat(it.changes()).isEmpty());
    }

    @Test
    void eachGetsATokenOfItsOwnForEachOfTheOthers() {
        var ran = connect();

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out())
                .startsWith("cluster1: account lockstep/lockstep-peer, which may read ")
                .contains(
                        "cluster1 knows cluster2: new credential for https://192.0.2.2:6443, valid until ")
                .contains(" (in 89 days)\n");
        for (int here = 1; here <= 3; here++) {
            for (int peer = 1; peer <= 3; peer++) {
                if (here != peer) {
                    knows(here, peer);
                }
            }
        }
        assertThat(mesh.cluster(1).objects.keySet())
                .contains(
                        ACCOUNT,
                        "apis/rbac.authorization.k8s.io/v1/clusterroles/lockstep-peer",
                        "apis/rbac.authorization.k8s.io/v1/clusterrolebindings/lockstep-peer",
                        "apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/roles/lockstep-peer",
                        "apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/rolebindings/lockstep-peer");
        assertThat(mesh.cluster(1).asked)
                .contains(
                        "PATCH api/v1/namespaces/lockstep/secrets/lockstep-peers?force=true&fieldManager=lockstep-connect-cluster2",
                        "PATCH api/v1/namespaces/lockstep/secrets/lockstep-peer-cluster3?force=true&fieldManager=lockstep-connect");
        assertThat(ran.out() + ran.err()).doesNotContain("hunter2");
    }

    /// The form in which the webhook, and the script `k8s/connect.sh`, read it.
    private void knows(int here, int peer) {
        var file = mesh.cluster(here).file("cluster" + peer);
        var there = mesh.cluster(peer);
        assertThat(file)
                .startsWith("# kube-system: " + there.uid() + "\napiVersion: v1\n")
                .contains("\n    server: https://192.0.2." + peer + ":6443\n")
                .contains("\n    certificate-authority-data: " + AUTHORITY + "\n")
                .contains("\n    token: ");
        var read = Kubeconfig.read(ByteBuffer.wrap(file.getBytes(StandardCharsets.UTF_8)));
        var accepted = (Kubeconfig.Accepted) read;
        var token = Token.of(accepted.credentials()).orElseThrow();
        var marker = there.uid(StubCluster.SECRETS + "lockstep-peer-cluster" + here);
        assertThat(token.isBoundTo(marker, there.uid(ACCOUNT))).isTrue();
    }

    @Test
    void onlyWhatIsNewOrAboutToEndIsMade() {
        connect("--duration=30d");
        var before = mesh.cluster(1).file("cluster2");

        assertThat(connect().out()).doesNotContain("new credential");
        assertThat(mesh.cluster(1).file("cluster2")).isEqualTo(before);

        late(1, 2);
        assertThat(connect().out().lines().filter(it -> it.contains("new credential")))
                .hasSize(1)
                .allMatch(it -> it.startsWith("cluster1 knows cluster2"));
        mesh.cluster(3).objects.remove(StubCluster.SECRETS + "lockstep-peer-cluster1");
        assertThat(connect().out().lines().filter(it -> it.contains("new credential")))
                .hasSize(1)
                .allMatch(it -> it.startsWith("cluster1 knows cluster3"));
        assertThat(connect("--all").out().lines().filter(it -> it.contains(": new credential")))
                .hasSize(6);
        var marker = mesh.cluster(2).uid(StubCluster.SECRETS + "lockstep-peer-cluster1");
        assertThat(
                        connect("--revoke")
                                .out()
                                .lines()
                                .filter(it -> it.contains("old credential revoked")))
                .hasSize(6);
        assertThat(mesh.cluster(2).uid(StubCluster.SECRETS + "lockstep-peer-cluster1"))
                .isNotEqualTo(marker);
    }

    /// What is near its end, at the address that is known, by fewer rights; and nothing else.
    @Test
    void renewingReplacesWhatEndsAndIntroducesNobody() {
        connect("--duration=30d");
        late(1, 2);
        mesh.clusters.forEach(it -> it.asked.clear());
        mesh.clusters.forEach(it -> it.forbidden.addAll(List.of("labelSelector", "clusterroles")));

        var ran = renew();

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out().lines().filter(it -> it.contains("credential kept"))).hasSize(5);
        assertThat(ran.out())
                .contains("cluster1 knows cluster2: new credential for https://192.0.2.2:6443");
        knows(1, 2);
        assertThat(mesh.cluster(1).changes())
                .containsExactly(
                        "PATCH api/v1/namespaces/lockstep/secrets/lockstep-peers?force=true&fieldManager=lockstep-connect-cluster2");
        assertThat(mesh.cluster(2).changes()).containsExactly("POST " + ACCOUNT + "/token");
        assertThat(mesh.cluster(3).changes()).isEmpty();
        assertThat(ran.out() + ran.err()).doesNotContain("hunter2");
    }

    @Test
    void whoWasDisconnectedStaysOut() {
        connect();
        mesh.cluster(1)
                .object(StubCluster.SECRETS + "lockstep-peers")
                .withObject("/data")
                .remove("cluster3");

        var ran = renew("--all");

        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines().filter(it -> it.contains("new credential"))).hasSize(5);
        assertThat(ran.out()).doesNotContain("cluster1 knows cluster3");
    }

    @Test
    void whatCannotBeRenewedIsSaidAndStaysAsItIs() {
        connect();
        var file = mesh.cluster(1).file("cluster2");
        mesh.cluster(1).file("cluster2", file.replace(mesh.cluster(2).uid(), "another"));
        mesh.cluster(2).file("cluster3", "not a kubeconfig");
        mesh.cluster(3).file("cluster4", file);
        mesh.clusters.forEach(it -> it.asked.clear());

        var ran = renew();

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .contains(
                        "cluster1 knows cluster2 already, as a different cluster than cluster2 is now")
                .contains("cluster2 knows cluster3 by no token of its account lockstep-peer")
                .contains("cluster3 knows cluster4, which is not among these clusters");
        assertThat(mesh.clusters).allSatisfy(it -> assertThat(it.changes()).isEmpty());
        nothingIsChanged(renew("--revoke"), "--renew excludes --revoke");
    }

    private Ran renew(String... arguments) {
        var all = new ArrayList<>(List.of("connect", "--renew", "--contexts=*"));
        all.addAll(List.of(arguments));
        return mesh.run(all.toArray(String[]::new));
    }

    /// With less than a third of its lifetime left.
    private void late(int here, int peer) {
        var there = mesh.cluster(peer);
        var end = Instant.now().plus(Duration.ofDays(29));
        var token =
                StubCluster.token(
                        end.minus(Duration.ofDays(90)),
                        end,
                        there.uid(StubCluster.SECRETS + "lockstep-peer-cluster" + here),
                        there.uid(ACCOUNT));
        var file = mesh.cluster(here).file("cluster" + peer);
        mesh.cluster(here)
                .file("cluster" + peer, file.replaceFirst("token: .*", "token: " + token));
    }

    @Test
    void whereAnApiServerIsTheKubeconfigSays() {
        var ran = mesh.run("connect", "--contexts=*");

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err())
                .contains(
                        "cluster1 is "
                                + mesh.cluster(1).address()
                                + ", which only this machine can reach.");
        assertThat(mesh.cluster(1).file("cluster2"))
                .contains("\n    server: " + mesh.cluster(2).address() + "\n")
                .contains(
                        "\n    certificate-authority-data: "
                                + StubCluster.AUTHORITY.certificateData()
                                + "\n");
    }

    @Test
    void aDryRunChangesNothing() {
        var ran = connect("--dry-run");

        assertThat(ran.out())
                .contains("would: cluster1: account ")
                .contains(
                        "would: cluster1 knows cluster2: new credential for https://192.0.2.2:6443\n");
        assertThat(ran.code()).isZero();
        assertThat(mesh.clusters).allSatisfy(it -> assertThat(it.changes()).isEmpty());
    }

    @Test
    void whatIsWrongWithTheCommandIsFoundBeforeAnythingIsChanged() {
        nothingIsChanged(
                connect("--duration=5m"), "'5m' is not between 10 minutes and 49,710 days");
        nothingIsChanged(
                connect("--duration=2w"), "'2w' is not a number of days, hours or minutes");
        nothingIsChanged(
                connect("--name=typo=x"),
                "--name is about typo, which is not among --contexts: cluster1, cluster2, cluster3");
        nothingIsChanged(connect("--name=cluster1=No"), "No is not the name of a cluster");
        nothingIsChanged(
                connect("--name=cluster1=cluster2"),
                "cluster1 and cluster2 are different clusters, both called cluster2");
        nothingIsChanged(
                mesh.run("connect", "--contexts=cluster9"),
                "there are: cluster1, cluster2, cluster3");
        nothingIsChanged(mesh.run("connect"), "--contexts");
        nothingIsChanged(
                mesh.run("connect", "--contexts=*", "--server=cluster1=http://192.0.2.1"),
                "the API server of cluster1 is http://192.0.2.1, which is not an https URL: say --server cluster1=URL");
    }

    @Test
    void aClusterThatCannotBeChangedIsLeftOutAndTheOthersAreConnected() {
        mesh.cluster(3).close();
        var ran = connect();

        assertThat(ran.err())
                .contains("cluster3: left out: connection refused\n", "not everything is done");
        assertThat(ran.code()).isEqualTo(2);
        knows(1, 2);
        knows(2, 1);

        mesh.cluster(2).forbidden.add("clusterroles");
        var alone = connect();
        assertThat(alone.err())
                .contains("cluster2: left out: not allowed to patch clusterroles\n")
                .contains("nothing to connect: 1 of 3 clusters can be changed");
    }

    @Test
    void aNameStaysWithItsCluster() {
        connect();
        mesh.clusters.forEach(it -> it.asked.clear());
        mesh.cluster(3).put("api/v1/namespaces/kube-system", "{}");

        nothingIsChanged(
                connect(),
                "cluster1 knows cluster3 already, as a different cluster than cluster3 is now: its kube-system has a different uid. If you want to replace it, say --replace cluster3");
        assertThat(connect("--replace=cluster3", "--all").code()).isZero();
        knows(1, 3);
    }

    @Test
    void aMemberThatTakesAnothersNameIsRefused() {
        connect();
        mesh.clusters.forEach(it -> it.asked.clear());
        mesh.cluster(3)
                .object("api/v1/namespaces/kube-system/configmaps/cilium-config")
                .withObject("/data")
                .put("cluster-name", "cluster9");

        nothingIsChanged(
                connect(),
                "cluster1 knows cluster3 already, as cluster3: one cluster under two names would count twice. Disconnect cluster3 first, or say --name cluster3=cluster3");
        assertThat(connect("--name=cluster3=cluster3").code()).isZero();

        mesh.clusters.forEach(it -> it.asked.clear());
        var moved =
                mesh.run(
                        "connect",
                        "--contexts=cluster1,cluster2",
                        "--server=cluster1=https://192.0.2.1:6443",
                        "--server=cluster2=https://192.0.2.7",
                        "--ca=cluster1=" + folder.resolve("ca"),
                        "--ca=cluster2=" + folder.resolve("ca"));
        nothingIsChanged(
                moved,
                "cluster1 knows cluster2 already, at https://192.0.2.2:6443, not at https://192.0.2.7");
    }

    @Test
    void saysWhenLessIsGrantedThanWasAskedFor() {
        mesh.cluster(2).longestToken = 3600;

        assertThat(connect().out())
                .containsPattern(
                        "cluster1 knows cluster2: new credential for https://192.0.2.2:6443, valid until .* UTC \\(in (59|60) min\\); its API server grants no longer\n");
    }

    @Test
    void aDeadMemberIsDisconnected() {
        connect();
        mesh.cluster(3).close();
        mesh.clusters.forEach(it -> it.asked.clear());

        var ran = mesh.run("disconnect", "cluster3", "--contexts=cluster1,cluster2");

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out())
                .isEqualTo(
                        "cluster1 forgets cluster3, and revokes its token\ncluster2 forgets cluster3, and revokes its token\n");
        assertThat(ran.err()).startsWith("cluster3 was not asked: what it has stays there");
        for (int i = 1; i <= 2; i++) {
            assertThat(mesh.cluster(i).objects)
                    .doesNotContainKey(StubCluster.SECRETS + "lockstep-peer-cluster3")
                    .containsKey(ACCOUNT);
        }
        knows(1, 2);
        assertThat(
                        mesh.cluster(1)
                                .object(StubCluster.SECRETS + "lockstep-peers")
                                .path("data")
                                .has("cluster3"))
                .isFalse();
        assertThat(mesh.run("disconnect", "cluster3", "--contexts=cluster1,cluster2").err())
                .contains("none of the 2 clusters that can be read knows cluster3");
    }

    @Test
    void whatCannotBeDoneOnASurvivorIsListedAndTheRestIsDone() {
        connect();
        mesh.cluster(2).close();
        mesh.cluster(1).forbidden.add("secrets/lockstep-peer-cluster3");

        var ran = mesh.run("disconnect", "cluster3", "--contexts=cluster*");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .contains("cluster2: left out: connection refused\n")
                .contains(
                        "cluster1 and cluster3: its token is still good: not allowed to delete secrets (403)\n")
                .contains("not everything is done, see above: repeat it");
        assertThat(
                        mesh.cluster(1)
                                .object(StubCluster.SECRETS + "lockstep-peers")
                                .path("data")
                                .has("cluster3"))
                .isFalse();
        assertThat(mesh.cluster(3).objects)
                .doesNotContainKey(StubCluster.SECRETS + "lockstep-peer-cluster1");
    }

    @Test
    void theLastOnesLeaveNothingBehind() {
        connect();

        assertThat(mesh.run("disconnect", "cluster3", "--contexts=*", "--dry-run").out())
                .contains("would: cluster3 forgets cluster1, and revokes its token\n");
        assertThat(mesh.run("disconnect", "cluster3", "--contexts=*").code()).isZero();

        assertThat(mesh.cluster(3).objects.keySet()).noneMatch(it -> it.contains("lockstep-peer"));
        assertThat(mesh.cluster(3).objects).containsKey("api/v1/namespaces/lockstep");
        knows(1, 2);
    }

    @Test
    void aClusterWithTheNameOfAnotherDoesNotTakeThatOneOut() {
        connect();
        mesh.cluster(3)
                .object("api/v1/namespaces/kube-system/configmaps/cilium-config")
                .withObject("/data")
                .put("cluster-name", "cluster2");
        mesh.clusters.forEach(it -> it.asked.clear());

        nothingIsChanged(
                mesh.run("disconnect", "cluster2", "--contexts=cluster1,cluster3"),
                "cluster3 calls itself cluster2, which cluster1 knows as a different cluster");
    }
}
