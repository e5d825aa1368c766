package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.NamespaceList;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a native executable has to be told, in the configuration that Quarkus generates for it:
/// `./mvnw package -Pnative -Dquarkus.native.sources-only=true`.
class NativeIT {

    private static final Path SOURCES = Path.of("target/native-sources");
    private static final String MODEL = "io.fabric8.kubernetes.api.model.";

    private static JarFile jar;

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(Files.isDirectory(SOURCES), "make test generates " + SOURCES);
        try (var files = Files.newDirectoryStream(SOURCES, "*-runner.jar")) {
            jar = new JarFile(files.iterator().next().toFile());
        }
    }

    /// Of the cluster's own API server we read namespaces and a ConfigMap as objects of the
    /// Kubernetes client, which Jackson fills by reflection; all else is read as trees.
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
        for (var root :
                List.of(NamespaceList.class, ConfigMap.class, Status.class, WatchEvent.class)) {
            collect(root, filled);
        }

        assertThat(filled)
                .contains(MODEL + "Namespace", MODEL + "ObjectMeta", MODEL + "NamespaceStatus");
        assertThat(registered).containsAll(filled);
    }

    @Test
    void isBuiltForServingTlsWithoutAFallback() throws IOException {
        assertThat(Files.readString(SOURCES.resolve("native-image.args")))
                .contains("--no-fallback")
                .contains("--enable-url-protocols=http,https");
    }

    /// The classes of the client's model that fields lead to.
    private static void collect(Class<?> root, Set<String> found) {
        var open = new ArrayDeque<Type>(List.of(root));
        while (!open.isEmpty()) {
            switch (open.pop()) {
                case ParameterizedType type -> {
                    for (var argument : type.getActualTypeArguments()) {
                        open.push(argument);
                    }
                }
                case Class<?> type
                        when type.getName().startsWith(MODEL)
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
