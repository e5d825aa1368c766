package mesh.lockstep.support;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;

/// Our own classes, for who asks for no more than is said in themselves: those that they refer to
/// are not read, which would take most of the time.
public final class House {

    private House() {}

    /// Gives all of them, or some.
    ///
    /// @param options which
    public static JavaClasses classes(ImportOption... options) {
        return ArchConfiguration.withThreadLocalScope(
                configuration -> {
                    configuration.setResolveMissingDependenciesFromClassPath(false);
                    return new ClassFileImporter(List.of(options)).importPackages("mesh.lockstep");
                });
    }
}
