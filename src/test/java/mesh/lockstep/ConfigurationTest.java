package mesh.lockstep;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import mesh.lockstep.support.House;
import org.junit.jupiter.api.Test;

/// The table of docs/settings.md has every setting, with its default.
class ConfigurationTest {

    private static final Pattern ROW =
            Pattern.compile(
                    "^\\| `(lockstep\\.[a-z.-]+)` \\| (?:`([^`]*)` )?\\|", Pattern.MULTILINE);

    @Test
    void theDocumentHasEverySettingWithItsDefault() throws IOException {
        var document = Files.readString(Path.of("docs/settings.md"));
        var documented =
                ROW.matcher(document)
                        .results()
                        .collect(toMap(it -> it.group(1), ConfigurationTest::defaultIn));

        var settings = settings();

        assertThat(settings).hasSizeGreaterThan(5);
        assertThat(documented).isEqualTo(settings);
    }

    private static String defaultIn(MatchResult row) {
        return row.group(2) == null ? "" : row.group(2);
    }

    /// Names and defaults of all `@ConfigMapping` interfaces; empty where there is no default.
    private static Map<String, String> settings() {
        var settings = new TreeMap<String, String>();
        House.classes(new ImportOption.DoNotIncludeTests()).stream()
                .filter(it -> it.isAnnotatedWith(ConfigMapping.class))
                .map(it -> ConfigClass.configClass(it.reflect()))
                .map(ConfigMappings::getProperties)
                .flatMap(it -> it.entrySet().stream())
                // The elements of a list, under another name.
                .filter(it -> !it.getKey().endsWith("[*]"))
                .forEach(
                        it -> {
                            var property = it.getValue();
                            settings.put(
                                    it.getKey(),
                                    property.hasDefaultValue() ? property.getDefaultValue() : "");
                        });
        return settings;
    }
}
