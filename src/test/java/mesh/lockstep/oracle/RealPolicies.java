package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.support.Yaml;

/// The policies under `examples/` and `test/` of Cilium's own module, which `mesh/build.sh` links
/// to `mesh/bin/cilium`.
final class RealPolicies {

    static final Path MODULE = Path.of("mesh/bin/cilium");

    /// A policy as Cilium's authors wrote it.
    ///
    /// @param source the file, from the module's folder, and the number of the policy in it
    /// @param rules its `spec` and `specs`, and nothing else
    record Real(String source, Kind kind, String namespace, ObjectNode rules) {

        PolicyKey key() {
            return new PolicyKey(kind, namespace, "p");
        }

        /// A manifest of this policy.
        ObjectNode manifest(String name) {
            var manifest = JsonNodeFactory.instance.objectNode();
            manifest.put("apiVersion", "cilium.io/v2").put("kind", kind.kindName());
            var metadata = manifest.putObject("metadata").put("name", name);
            if (kind.namespaced()) {
                metadata.put("namespace", namespace);
            }
            return manifest.setAll(rules);
        }
    }

    private final List<Real> all = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    RealPolicies() {
        if (!Files.isDirectory(MODULE)) {
            throw new IllegalStateException("Cilium's module is not there: run mesh/build.sh");
        }
        for (var folder : List.of("examples", "test")) {
            files(MODULE.resolve(folder)).forEach(this::read);
        }
    }

    List<Real> all() {
        return all;
    }

    /// Files that speak of policies and are no YAML, as templates are not.
    List<String> unreadable() {
        return unreadable;
    }

    private static List<Path> files(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(it -> it.toString().endsWith(".yaml"))
                    .filter(RealPolicies::speaksOfPolicies)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean speaksOfPolicies(Path file) {
        try {
            return Stream.of(Kind.values())
                    .anyMatch(it -> text(file).contains("kind: " + it.kindName()));
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Path file) {
        var source = MODULE.relativize(file).toString();
        try {
            var number = 0;
            for (var document : Yaml.readAll(file)) {
                var items = document.path("items");
                for (var item : items.isArray() ? items : List.of(document)) {
                    add(source + "#" + number++, item);
                }
            }
        } catch (UncheckedIOException e) {
            unreadable.add(source);
        }
    }

    private void add(String source, JsonNode object) {
        for (var kind : Kind.values()) {
            if (object.path("kind").asText().equals(kind.kindName())) {
                var rules = JsonNodeFactory.instance.objectNode();
                for (var field : List.of("spec", "specs")) {
                    if (object.has(field)) {
                        rules.set(field, object.get(field));
                    }
                }
                var namespace = object.path("metadata").path("namespace").asText("default");
                all.add(new Real(source, kind, kind.namespaced() ? namespace : "", rules));
            }
        }
    }
}
