package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Config;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a native executable has to be told, in the configuration that Quarkus generates for it and
/// `make native` leaves behind: what no test happens to run into is there as well.
@Tag("native")
class NativeIT {

    private static final Path TARGET = Path.of("target");
    private static final String SOURCES = "*-native-image-source-jar";
    private static final Set<String> READ_WHILE_BUILDING =
            Set.of("application.properties", "META-INF/quarkus-build-steps.list");

    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final String PAGES = "mesh.lockstep.pages.";
    private static final String MODEL = "io.fabric8.kubernetes.api.model.";

    private static JarFile jar;

    @BeforeAll
    static void open() throws IOException {
        jar = new JarFile(only(only(TARGET, SOURCES), "*-runner.jar").toFile());
    }

    private static Path only(Path folder, String pattern) throws IOException {
        var found = new ArrayList<Path>();
        try (var files = Files.newDirectoryStream(folder, pattern)) {
            files.forEach(found::add);
        }
        assertThat(found).as("%s in %s: make native", pattern, folder).hasSize(1);
        return found.getFirst();
    }

    /// Jackson fills a kubeconfig's classes by reflection; all else is read as trees.
    @Test
    void knowsEveryClassThatJacksonFills() throws IOException {
        var registered = new TreeSet<String>();
        for (var entry : configuration("reflect-config.json")) {
            if (entry.path("allDeclaredConstructors").asBoolean()
                    && entry.path("allDeclaredMethods").asBoolean()) {
                registered.add(entry.path("name").asText());
            }
        }

        var filled = new TreeSet<String>();
        collect(Config.class, MODEL, filled);

        assertThat(filled).contains(MODEL + "NamedContext", MODEL + "AuthInfo");
        assertThat(registered).containsAll(filled);
    }

    /// The models of Kubernetes' objects would be a third of an executable, and none is used.
    @Test
    void hasNoModelsOfObjects() throws IOException {
        var registered = new TreeSet<String>();
        for (var entry : configuration("reflect-config.json")) {
            registered.add(entry.path("name").asText());
        }

        assertThat(registered)
                .filteredOn(it -> it.startsWith(MODEL))
                .hasSizeLessThan(100)
                .doesNotContain(MODEL + "Pod", MODEL + "Namespace");
    }

    @Test
    void holdsEveryFileThatIsReadAtRunTime() throws IOException {
        var patterns =
                configuration("resource-config.json").path("resources").findValuesAsText("pattern");
        try (var files = Files.walk(RESOURCES)) {
            var read =
                    files.filter(Files::isRegularFile)
                            .map(it -> RESOURCES.relativize(it).toString())
                            .filter(it -> !READ_WHILE_BUILDING.contains(it))
                            .toList();

            assertThat(read)
                    .hasSizeGreaterThan(3)
                    .allSatisfy(it -> assertThat(patterns).anyMatch(it::matches));
        }
    }

    /// What Qute has no resolver for it would look at by reflection.
    @Test
    void hasAResolverForAllThatPagesShow() throws ClassNotFoundException {
        var shown = new TreeSet<String>();
        for (var page : List.of("MatrixPage", "PolicyPage")) {
            collect(Class.forName(PAGES + page), "mesh.lockstep.", shown);
        }

        assertThat(shown).hasSizeGreaterThan(10);
        assertThat(shown)
                .allSatisfy(
                        it ->
                                assertThat(
                                                jar.getEntry(
                                                        it.replace('.', '/').replace("$", "$_")
                                                                + "_ValueResolver.class"))
                                        .isNotNull());
    }

    /// The classes of packages that fields lead to.
    private static void collect(Class<?> root, String in, Set<String> found) {
        var open = new ArrayDeque<Type>(List.of(root));
        while (!open.isEmpty()) {
            switch (open.pop()) {
                case ParameterizedType type -> {
                    for (var argument : type.getActualTypeArguments()) {
                        open.push(argument);
                    }
                }
                case Class<?> type
                        when type.getName().startsWith(in)
                                && !Modifier.isAbstract(type.getModifiers())
                                && found.add(type.getName()) -> {
                    for (var field : type.getDeclaredFields()) {
                        if (!Modifier.isStatic(field.getModifiers())) {
                            open.push(field.getGenericType());
                        }
                    }
                }
                default -> {}
            }
        }
    }

    private static JsonNode configuration(String name) throws IOException {
        var entry = jar.getEntry("META-INF/native-image/" + name);
        return new ObjectMapper().readTree(jar.getInputStream(entry));
    }
}
