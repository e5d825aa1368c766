package mesh.lockstep;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses HOUSE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("mesh.lockstep");

    @Test
    void seesEveryRoom() {
        // A guard that sees nothing would always pass.
        var rooms =
                HOUSE.stream()
                        .collect(
                                Collectors.groupingBy(
                                        JavaClass::getPackageName, Collectors.counting()));

        assertThat(rooms)
                .containsOnlyKeys(
                        "mesh.lockstep",
                        "mesh.lockstep.policy",
                        "mesh.lockstep.policy.reading",
                        "mesh.lockstep.difference",
                        "mesh.lockstep.rollout",
                        "mesh.lockstep.kubeconfig",
                        "mesh.lockstep.apiserver",
                        "mesh.lockstep.peers",
                        "mesh.lockstep.admission",
                        "mesh.lockstep.drift",
                        "mesh.lockstep.pages",
                        "mesh.lockstep.history",
                        "mesh.lockstep.vigil",
                        "mesh.lockstep.packaging");
        assertThat(HOUSE).hasSizeGreaterThan(50);
    }

    @Test
    void dataFlowsOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("policy")
                .definedBy("mesh.lockstep.policy..")
                .layer("difference")
                .definedBy("mesh.lockstep.difference..")
                .layer("rollout")
                .definedBy("mesh.lockstep.rollout..")
                .layer("kubeconfig")
                .definedBy("mesh.lockstep.kubeconfig..")
                .layer("apiserver")
                .definedBy("mesh.lockstep.apiserver..")
                .layer("peers")
                .definedBy("mesh.lockstep.peers..")
                .layer("admission")
                .definedBy("mesh.lockstep.admission..")
                .layer("drift")
                .definedBy("mesh.lockstep.drift..")
                .layer("pages")
                .definedBy("mesh.lockstep.pages..")
                .layer("history")
                .definedBy("mesh.lockstep.history..")
                .layer("vigil")
                .definedBy("mesh.lockstep.vigil..")
                .layer("packaging")
                .definedBy("mesh.lockstep.packaging..")
                .layer("wiring")
                .definedBy("mesh.lockstep")
                .whereLayer("policy")
                .mayNotAccessAnyLayer()
                .whereLayer("difference")
                .mayOnlyAccessLayers("policy")
                .whereLayer("rollout")
                .mayOnlyAccessLayers("policy", "difference")
                .whereLayer("kubeconfig")
                .mayOnlyAccessLayers("policy")
                .whereLayer("apiserver")
                .mayOnlyAccessLayers("policy", "kubeconfig")
                .whereLayer("peers")
                .mayOnlyAccessLayers("policy", "rollout", "kubeconfig", "apiserver", "vigil")
                .whereLayer("admission")
                .mayOnlyAccessLayers("policy", "difference", "rollout", "vigil")
                .whereLayer("drift")
                .mayOnlyAccessLayers("policy", "rollout", "apiserver", "vigil")
                .whereLayer("pages")
                .mayOnlyAccessLayers("policy", "difference", "rollout", "peers")
                .whereLayer("history")
                .mayOnlyAccessLayers("policy", "rollout", "apiserver", "peers", "vigil")
                .whereLayer("vigil")
                .mayNotAccessAnyLayer()
                .whereLayer("packaging")
                .mayNotAccessAnyLayer()
                .whereLayer("packaging")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("wiring")
                .mayNotBeAccessedByAnyLayer()
                .check(HOUSE);
    }

    @Test
    void policyDoesNotKnowHowItIsRead() {
        noClasses()
                .that()
                .resideInAPackage("mesh.lockstep.policy")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("mesh.lockstep.policy.reading..")
                .check(HOUSE);
    }

    /// Then a native executable has to be told nothing about us.
    @Test
    void nothingOfOursIsReachedByReflection() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.lang.reflect..", "java.lang.invoke..")
                .orShould()
                .callMethodWhere(describe("Class.forName", it -> it.getName().equals("forName")))
                .orShould()
                .callMethodWhere(
                        describe(
                                "Jackson fills classes",
                                it -> it.getName().matches("readValue|convertValue|treeToValue")))
                .check(HOUSE);
    }

    /// A thread that nobody keeps going ends silently. Those of a single request may.
    @Test
    void longLivedThreadsAreKeptGoing() {
        noClasses()
                .that()
                .resideOutsideOfPackage("mesh.lockstep.vigil..")
                .and()
                .doNotHaveSimpleName("LiveReads")
                .and()
                .doNotHaveSimpleName("Line")
                .and()
                .doNotHaveSimpleName("FairTime")
                .and()
                .doNotHaveSimpleName("ReviewSeats")
                .should()
                .callMethodWhere(
                        describe(
                                "a thread is started",
                                it ->
                                        (it.getOwner().isAssignableTo(Thread.class)
                                                        && it.getName().matches("of.*|start.*"))
                                                || it.getOwner().isEquivalentTo(Executors.class)
                                                || it.getName().equals("setPeriodic")))
                .check(HOUSE);
    }

    private static DescribedPredicate<JavaMethodCall> describe(
            String what, Predicate<MethodCallTarget> test) {
        return DescribedPredicate.describe(what, call -> test.test(call.getTarget()));
    }

    @Test
    void roomsFormNoCycle() {
        slices().matching("mesh.lockstep.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void judgingKnowsNoFramework() {
        classes()
                .that()
                .resideInAnyPackage(
                        "mesh.lockstep.policy..",
                        "mesh.lockstep.difference..",
                        "mesh.lockstep.rollout..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "com.fasterxml.jackson.core..",
                        "com.fasterxml.jackson.databind..",
                        "org.jspecify..",
                        "mesh.lockstep.policy..",
                        "mesh.lockstep.difference..",
                        "mesh.lockstep.rollout..")
                .check(HOUSE);
    }

    /// What is most dangerous of what comes in is read by few lines, which reach for nothing: no
    /// file, no network, no program. Of the Kubernetes client, only its reading of private keys.
    @Test
    void readingAKubeconfigReachesForNothing() {
        classes()
                .that()
                .resideInAPackage("mesh.lockstep.kubeconfig..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                        "java.lang..",
                                        "java.math..",
                                        "java.nio",
                                        "java.nio.charset..",
                                        "java.security..",
                                        "java.time..",
                                        "java.util",
                                        "java.util.function",
                                        "java.util.regex",
                                        "java.util.stream",
                                        "com.fasterxml.jackson.databind..",
                                        "org.snakeyaml.engine..",
                                        "org.jspecify..",
                                        "mesh.lockstep.policy..",
                                        "mesh.lockstep.kubeconfig..")
                                .or(
                                        belongToAnyOf(
                                                URI.class,
                                                URISyntaxException.class,
                                                IOException.class,
                                                ByteArrayInputStream.class,
                                                KeyManager.class,
                                                KeyManager[].class,
                                                SSLUtils.class))
                                .and(
                                        not(
                                                belongToAnyOf(
                                                        Process.class,
                                                        ProcessBuilder.class,
                                                        Runtime.class))))
                .check(HOUSE);
    }

    @Test
    void onlyTheWayToApiServersKnowsTheKubernetesClient() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "mesh.lockstep.apiserver..",
                        "mesh.lockstep.peers..",
                        "mesh.lockstep.kubeconfig..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8..")
                .check(HOUSE);
    }

    @Test
    void everyPackageIsNullMarked() {
        var unmarked =
                HOUSE.stream()
                        .map(JavaClass::getPackage)
                        .distinct()
                        .filter(it -> !it.isAnnotatedWith(NullMarked.class))
                        .map(it -> it.getName())
                        .toList();

        assertThat(unmarked).isEmpty();
    }
}
