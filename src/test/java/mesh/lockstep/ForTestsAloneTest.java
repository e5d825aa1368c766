package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What only tests call is not in the application: it would be read and kept for nothing, and a
/// test of it says nothing about what runs.
@Tag("slow")
class ForTestsAloneTest {

    /// That nothing is left is seen in no other way. And what most tests leave to the defaults.
    private static final Set<String> KNOWN =
            Set.of(
                    "mesh.lockstep.admission.Doorway.guests()",
                    "mesh.lockstep.admission.Pressure.bytes()",
                    "mesh.lockstep.peers.MemoryAllowance.taken()",
                    "mesh.lockstep.peers.Pool.size()",
                    "mesh.lockstep.rollout.Enforcement.<init>(mesh.lockstep.rollout.Level,"
                            + " mesh.lockstep.rollout.Severity, java.util.Set)");

    private static final JavaClasses ALL = new ClassFileImporter().importPackages("mesh.lockstep");

    private static final Set<String> OF_THE_APPLICATION =
            new ClassFileImporter()
                            .withImportOption(new ImportOption.DoNotIncludeTests())
                            .importPackages("mesh.lockstep")
                            .stream()
                            .map(JavaClass::getName)
                            .collect(Collectors.toSet());

    @Test
    void nothingElseIsThere() {
        var found =
                ALL.stream()
                        .filter(it -> OF_THE_APPLICATION.contains(it.getName()))
                        .flatMap(it -> it.getCodeUnits().stream())
                        .filter(ForTestsAloneTest::isUsedByTestsAlone)
                        .filter(it -> !isCalledByOthers(it))
                        .map(JavaCodeUnit::getFullName)
                        .collect(Collectors.toSet());

        // Both ways: what is known and gone has to leave the list.
        assertThat(found).isEqualTo(KNOWN);
    }

    private static boolean isUsedByTestsAlone(JavaCodeUnit unit) {
        return !unit.getAccessesToSelf().isEmpty()
                && unit.getAccessesToSelf().stream()
                        .noneMatch(
                                it -> OF_THE_APPLICATION.contains(it.getOriginOwner().getName()));
    }

    /// By the compiler's code, a framework, a template, or through the type that declares it.
    private static boolean isCalledByOthers(JavaCodeUnit unit) {
        return unit.getModifiers().contains(JavaModifier.SYNTHETIC)
                || isOfEveryEnum(unit)
                || isOfARecord(unit)
                || isOfAFramework(unit)
                || overrides(unit);
    }

    private static boolean isOfEveryEnum(JavaCodeUnit unit) {
        return unit.getOwner().isEnum() && unit.getName().matches("values|valueOf");
    }

    private static boolean isOfARecord(JavaCodeUnit unit) {
        var owner = unit.getOwner();
        var components =
                owner.getFields().stream()
                        .filter(it -> !it.getModifiers().contains(JavaModifier.STATIC))
                        .toList();
        var isAccessor =
                unit.getRawParameterTypes().isEmpty()
                        && components.stream()
                                .map(JavaField::getName)
                                .anyMatch(unit.getName()::equals);
        var isCanonical =
                unit instanceof JavaConstructor
                        && unit.getRawParameterTypes().size() == components.size();
        return owner.isRecord() && (isAccessor || isCanonical);
    }

    private static boolean isOfAFramework(JavaCodeUnit unit) {
        var ofParameters =
                unit.getParameters().stream().flatMap(it -> it.getAnnotations().stream());
        var ofOwner =
                unit instanceof JavaConstructor
                        ? unit.getOwner().getAnnotations().stream()
                        : Stream.<JavaAnnotation<?>>empty();
        return Stream.of(unit.getAnnotations().stream(), ofParameters, ofOwner)
                .flatMap(it -> it)
                .anyMatch(it -> !it.getRawType().getPackageName().startsWith("org.jspecify"));
    }

    private static boolean overrides(JavaCodeUnit unit) {
        var parameters = unit.getRawParameterTypes().size();
        return Stream.concat(
                        unit.getOwner().getAllRawInterfaces().stream(),
                        unit.getOwner().getAllRawSuperclasses().stream())
                .flatMap(it -> it.getMethods().stream())
                .anyMatch(
                        it ->
                                it.getName().equals(unit.getName())
                                        && it.getRawParameterTypes().size() == parameters);
    }
}
