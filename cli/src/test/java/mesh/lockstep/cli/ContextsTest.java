package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextsTest {

    @TempDir private Path folder;

    @Test
    void ofSeveralFilesTheFirstOneCounts() throws IOException, Unusable {
        var first = file("first", "prod-a", "shop");
        var second = file("second", "prod-a", "other", "prod-b", "other");

        var contexts = read(first, second);

        assertThat(contexts.names()).containsExactly("prod-a", "prod-b");
        assertThat(contexts.namespace()).isEqualTo("shop");
    }

    @Test
    void aFileThatIsNotThereIsPassedOver() throws IOException, Unusable {
        var contexts = read(folder.resolve("gone"), file("there", "prod-a", ""));

        assertThat(contexts.names()).containsExactly("prod-a");
        assertThat(contexts.namespace()).isEqualTo("default");
    }

    @Test
    void aPatternMeansSeveralAndEachCountsOnce() throws IOException, Unusable {
        var contexts = read(file("all", "prod-a", "", "prod-b", "", "test.a", ""));

        assertThat(contexts.select(List.of("prod-*", "prod-a")))
                .containsExactly("prod-a", "prod-b");
        assertThat(contexts.select(List.of())).containsExactly("prod-a", "prod-b", "test.a");
        assertThat(contexts.select(List.of("test.*"))).containsExactly("test.a");
    }

    /// A dot is a dot.
    @Test
    void whoMeansNoneIsToldWhichThereAre() throws IOException, Unusable {
        var contexts = read(file("all", "prod-a", "", "prod-b", ""));

        assertThatThrownBy(() -> contexts.select(List.of("prod.a")))
                .isInstanceOf(Unusable.class)
                .hasMessage("no context is called prod.a; there are: prod-a, prod-b");
        assertThatThrownBy(() -> read(folder.resolve("gone")).select(List.of()))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("there is no context");
    }

    @Test
    void aFileThatCannotBeReadIsNamedAndNotShown() throws IOException {
        var file = Files.writeString(folder.resolve("broken"), "users: [{name: x, token: hunter2");

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(Unusable.class)
                .hasMessage("the kubeconfig " + file + " cannot be read");
    }

    private static Contexts read(Path... files) throws Unusable {
        var names = List.of(files).stream().map(Path::toString).toList();
        return Contexts.read(Map.of("KUBECONFIG", String.join(File.pathSeparator, names)));
    }

    /// @param contexts names and namespaces in turns; the first is the current one
    private Path file(String name, String... contexts) throws IOException {
        var text = new StringBuilder("current-context: " + contexts[0] + "\ncontexts:\n");
        for (int i = 0; i < contexts.length; i += 2) {
            text.append("- {name: %s, context: {cluster: c, user: u".formatted(contexts[i]))
                    .append(contexts[i + 1].isEmpty() ? "" : ", namespace: " + contexts[i + 1])
                    .append("}}\n");
        }
        return Files.writeString(folder.resolve(name), text.toString());
    }
}
