package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Kubectl.Output;
import mesh.lockstep.support.ManyDifferences;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Revisions, members, levels, scope and overrides, as a user of kubectl sees them on three real
/// clusters.
class JudgementIT {

    private static final Mesh MESH = Mesh.shared();
    private static final List<String> CLUSTERS = List.of("cluster1", "cluster2", "cluster3");

    @AfterEach
    void takeThePoliciesAway() {
        for (var cluster : CLUSTERS) {
            kubectl(cluster).run("delete", "cnp", "--all", "--all-namespaces");
        }
    }

    @Test
    void aDeclaredRolloutCountsDownAndAStaleManifestIsRefused() {
        inAll(policy("80", "0"));

        assertThat(apply("cluster2", policy("81", "1")).warnings())
                .containsExactly(
                        "default/allow-api: 2 members still have an older revision: cluster1, cluster3 [Older]");
        awaitWarning("cluster3", policy("81", "1"), "cluster1 [Older]");
        assertThat(apply("cluster3", policy("81", "1")).succeeded()).isTrue();

        awaitWarning("cluster1", policy("81", "1"), "");
        assertThat(apply("cluster1", policy("81", "1")).warnings()).isEmpty();

        var stale = apply("cluster3", policy("82", "0"));
        assertThat(stale.err())
                .contains("(Forbidden)")
                .containsPattern(
                        "would fall behind cluster[12], which is at revision 1 \\[Newer]\\.")
                .contains("set lockstep.mesh/revision: \"2\" under metadata.annotations");
    }

    @Test
    void leavingTheMeshIsRefusedUnlessItIsDeclared() {
        inAll(policy("80", "0"));
        var local = policy("80", "0").replace("revision: \"0\"", "members: local");

        var refused = apply("cluster1", local);
        var declared =
                apply(
                        "cluster1",
                        policy("80", "0")
                                .replace(
                                        "revision: \"0\"",
                                        "members: local, lockstep.mesh/revision: \"1\""));

        assertThat(refused.err()).contains("would leave the mesh, but cluster");
        assertThat(declared.succeeded()).isTrue();
    }

    @Test
    void theNamespacesLabelSetsTheLevelAtOnce() {
        namespaceInAll("labelled");
        var first = policy("80", "0").replace("default", "labelled");
        var other = policy("81", "0").replace("default", "labelled");
        apply("cluster1", first);
        awaitWarning("cluster2", first, "cluster3 [Missing]");

        assertThat(apply("cluster2", other).err()).contains("(Forbidden)");

        kubectl("cluster2").run("label", "namespace", "labelled", "lockstep.mesh/enforce=warn");
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(apply("cluster2", other, "--dry-run=server").warnings())
                                        .anyMatch(it -> it.endsWith("cluster1 [Differs]")));

        kubectl("cluster2")
                .run("label", "namespace", "labelled", "lockstep.mesh/enforce=loud", "--overwrite");
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(apply("cluster2", other, "--dry-run=server").err())
                                        .contains("(Forbidden)")
                                        .contains("is \"loud\", which is not a level"));
    }

    @Test
    void aNamespaceThatCiliumDoesNotShareIsLeftAlone() {
        namespaceInAll("apart");
        var first = policy("80", "0").replace("default", "apart");
        apply("cluster1", first);
        awaitWarning("cluster2", first, "cluster3 [Missing]");

        kubectl("cluster2")
                .run("annotate", "namespace", "apart", "clustermesh.cilium.io/global=false");

        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            var other = policy("81", "0").replace("default", "apart");
                            var applied = apply("cluster2", other, "--dry-run=server");
                            assertThat(applied.succeeded()).isTrue();
                            assertThat(applied.warnings()).isEmpty();
                        });
    }

    @Test
    void whatANamespaceKeepsWhileItIsBeingDeletedIsJudged() {
        namespaceInAll("going");
        var first = policy("80", "0").replace("default", "going");
        apply("cluster1", first);
        apply("cluster2", first);
        awaitWarning("cluster2", first, "cluster3 [Missing]");

        kubectl("cluster2").run("delete", "namespace", "going", "--wait=false");

        var labelled = first.replace("namespace: going", "namespace: going, labels: {team: web}");
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(
                                                apply("cluster2", labelled, "--dry-run=server")
                                                        .warnings())
                                        .isEmpty());
        apply("cluster1", policy("81", "0").replace("default", "going"));
        var other = policy("82", "0").replace("default", "going");
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(apply("cluster2", other, "--dry-run=server").err())
                                        .contains("(Forbidden)")
                                        .contains("[Differs]"));
    }

    @Test
    void whatAFinalizerKeepsAfterADeletionIsJudged() {
        inAll(policy("80", "1"));
        var kept =
                policy("80", "1")
                        .replace(
                                "namespace: default",
                                "namespace: default, finalizers: [example.com/wait]");
        assertThat(apply("cluster2", kept).succeeded()).isTrue();
        kubectl("cluster2").run("delete", "cnp", "allow-api", "--wait=false");

        var changed = apply("cluster2", kept.replace("\"80\"", "\"81\"").replace("\"1\"", "\"0\""));
        var released =
                kubectl("cluster2")
                        .run(
                                "patch",
                                "cnp",
                                "allow-api",
                                "--type=merge",
                                "--patch",
                                "{\"metadata\":{\"finalizers\":null}}");

        assertThat(changed.err()).contains("(Forbidden)").contains("[Newer]");
        assertThat(released.succeeded()).as(released.err()).isTrue();
        assertThat(released.warnings()).isEmpty();
    }

    /// The first took the webhook longer than the API server waits, the second kept it busy for
    /// minutes: what should have been refused was created, there and elsewhere.
    @Test
    void whatDiffersInVeryManyPlacesIsRefusedAndSoIsWhatOthersDoMeanwhile() throws Exception {
        apply("cluster1", named("beside-many", "80"));
        for (var many : List.of(6_000, 60_000)) {
            assertThat(create("cluster1", manyExceptions(many, "a")).succeeded()).isTrue();
            awaitMemory("cluster2", manyExceptions(many, "b"));
        }
        awaitWarning("cluster2", named("beside-many", "80"), "cluster3 [Missing]");

        var refused =
                Stream.of(6_000, 60_000)
                        .map(it -> manyExceptions(it, "b"))
                        .map(it -> CompletableFuture.supplyAsync(() -> create("cluster2", it)))
                        .toList();
        do {
            assertThat(apply("cluster2", named("beside-many", "81"), "--dry-run=server").err())
                    .contains("(Forbidden)");
        } while (!refused.stream().allMatch(CompletableFuture::isDone));

        for (var output : refused) {
            assertThat(output.get().err())
                    .contains("(Forbidden)")
                    .contains("ingress[0].fromCIDRSet[0].except[0]")
                    .contains(" more");
        }
    }

    private static Output create(String cluster, String policy, String... options) {
        var arguments = new ArrayList<>(List.of("create", "-f", "-"));
        arguments.addAll(List.of(options));
        return kubectl(cluster).runWithInput(policy, arguments.toArray(String[]::new));
    }

    /// Until the cluster's webhook knows the other version.
    private static void awaitMemory(String cluster, String policy) {
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(create(cluster, policy, "--dry-run=server").err())
                                        .contains("(Forbidden)"));
    }

    private static String manyExceptions(int many, String version) {
        var policy = ManyDifferences.EXCEPTIONS.object(many, version);
        policy.withObject("/metadata").put("name", "many-" + many);
        return policy.toString();
    }

    @Test
    void whoMayImpersonateTheGroupOverrides() {
        apply("cluster1", named("overridden", "80"));
        awaitWarning("cluster2", named("overridden", "80"), "cluster3 [Missing]");

        var refused = apply("cluster2", named("overridden", "81"));
        var notAllowed =
                apply(
                        "cluster2",
                        named("overridden", "81"),
                        "--as=dev",
                        "--as-group=lockstep:override");
        grantEditing("dev");
        var other =
                apply("cluster2", named("overridden", "81"), "--as=dev", "--as-group=developers");
        var overridden =
                apply(
                        "cluster2",
                        named("overridden", "81"),
                        "--as=dev",
                        "--as-group=lockstep:override");

        assertThat(refused.err()).contains("(Forbidden)");
        assertThat(notAllowed.err()).contains("(Forbidden)").doesNotContain("denied the request");
        assertThat(other.err()).contains("denied the request");
        assertThat(overridden.succeeded()).isTrue();
        assertThat(overridden.warnings())
                .contains(
                        "Admitted because dev is allowed to override: CiliumNetworkPolicy default/overridden would differ"
                                + " from cluster1 [Differs].");
    }

    /// The right to overriding is the right to impersonate; that of a user, here an impersonated
    /// one, to edit policies comes by RBAC as for any other.
    private static void grantEditing(String user) {
        kubectl("cluster2")
                .run(
                        "create",
                        "clusterrole",
                        "policy-editor",
                        "--verb=get,list,create,update,patch",
                        "--resource=ciliumnetworkpolicies.cilium.io");
        kubectl("cluster2")
                .run(
                        "create",
                        "clusterrolebinding",
                        "policy-editor",
                        "--clusterrole=policy-editor",
                        "--user=" + user);
    }

    @Test
    void anAnnotationThatCannotBeReadIsRefusedWithWhatIsAllowed() {
        var refused = apply("cluster1", policy("80", "seven"));

        assertThat(refused.err())
                .contains(
                        "lockstep.mesh/revision is \"seven\"; it must be a whole number from 0 to the current");
    }

    @Test
    void noRevisionTakesAPolicyHostage() {
        inAll(policy("80", "0"));

        assertThat(apply("cluster2", policy("81", "999999999999999999")).err())
                .contains("(Forbidden)")
                .contains("is \"999999999999999999\"; it must be a whole number from 0 to the");

        var now = Instant.now().atOffset(ZoneOffset.UTC);
        var highest = DateTimeFormatter.ofPattern("yyyyMMddHHmmss").format(now);
        var above = Long.toString(Long.parseLong(highest) + 1);
        assertThat(apply("cluster2", policy("81", highest)).succeeded()).isTrue();
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(dryRun("cluster1", policy("82", "0")).err())
                                        .contains("set lockstep.mesh/revision: \"" + above + '"'));
        assertThat(apply("cluster1", policy("82", above)).succeeded()).isTrue();
    }

    private static Kubectl kubectl(String cluster) {
        return MESH.kubectl(cluster);
    }

    private static Output apply(String cluster, String policy, String... options) {
        return kubectl(cluster).apply(policy, options);
    }

    /// Namespaces stay until the mesh ends: nothing here finalizes them.
    private static void namespaceInAll(String name) {
        for (var cluster : CLUSTERS) {
            assertThat(kubectl(cluster).run("create", "namespace", name).succeeded()).isTrue();
        }
    }

    private static void inAll(String policy) {
        for (var cluster : CLUSTERS) {
            assertThat(apply(cluster, policy).succeeded()).isTrue();
        }
        for (var cluster : CLUSTERS) {
            awaitWarning(cluster, policy, "");
        }
    }

    /// Server-side: client-side apply asks nobody where nothing changes.
    private static Output dryRun(String cluster, String policy) {
        return apply(cluster, policy, "--server-side", "--force-conflicts", "--dry-run=server");
    }

    /// Until a dry run warns so, which tells what the cluster's webhook remembers; with an empty
    /// text, until it does not warn.
    private static void awaitWarning(String cluster, String policy, String end) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            var warnings = dryRun(cluster, policy).warnings();
                            if (end.isEmpty()) {
                                assertThat(warnings).isEmpty();
                            } else {
                                assertThat(warnings).anyMatch(it -> it.endsWith(end));
                            }
                        });
    }

    /// A name of which nothing is remembered: what is created came from nothing.
    private static String named(String name, String port) {
        return policy(port, "0").replace("allow-api", name);
    }

    private static String policy(String port, String revision) {
        return """
               apiVersion: cilium.io/v2
               kind: CiliumNetworkPolicy
               metadata: {name: allow-api, namespace: default, annotations: {lockstep.mesh/revision: "%s"}}
               spec:
                 endpointSelector: {matchLabels: {app: api}}
                 ingress:
                 - toPorts: [{ports: [{port: "%s", protocol: TCP}]}]
               """
                .formatted(revision, port);
    }
}
