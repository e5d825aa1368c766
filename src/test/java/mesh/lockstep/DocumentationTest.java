package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mesh.lockstep.rollout.Finding;
import mesh.lockstep.support.Document;
import mesh.lockstep.support.House;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;

/// What the documents name exists, and what exists is in the documents.
class DocumentationTest {

    private static final Pattern SECTION = Pattern.compile("^## (.+)$", Pattern.MULTILINE);
    private static final Pattern ROW =
            Pattern.compile("^ +\\| `([A-Z][A-Za-z]+)` \\|", Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]+[A-Za-z]*)`");
    private static final Pattern MAKE_RULE = Pattern.compile("(?m)^([a-z-]+):(?! [A-Z]+ =)");
    private static final Pattern VERB = Pattern.compile("`make ([a-z-]+)");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

    @Test
    void everyFindingHasASectionAndARow() throws IOException {
        var findings =
                Arrays.stream(Finding.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toList();

        assertThat(named(SECTION, "docs/findings.md")).isEqualTo(findings);
        assertThat(named(ROW, "docs/judging.md")).isEqualTo(findings);
    }

    /// A class of `policy.reading` that shows two spellings of one thing reads a part of a policy.
    @Test
    void everyPartThatIsReadHasASectionAndEverySectionIsOne() throws IOException {
        var parts = new TreeSet<String>();
        try (var files = Files.list(Path.of("src/main/java/mesh/lockstep/policy/reading"))) {
            for (var file : files.toList()) {
                if (Files.readString(file).contains("/// ```yaml")) {
                    parts.add(file.getFileName().toString().replace(".java", ""));
                }
            }
        }
        var sections = new TreeSet<>(named(SECTION, "docs/equality.md"));
        sections.removeIf(it -> it.contains(" ") || it.equals("Ignored"));

        assertThat(parts).hasSizeGreaterThan(15);
        assertThat(sections).isEqualTo(parts);
    }

    @Test
    void everyTypeThatTheArchitectureNamesExists() throws IOException {
        Set<String> types =
                House.classes().stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());

        assertThat(named(TYPE, "docs/architecture.md")).hasSizeGreaterThan(15).isSubsetOf(types);
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (var file : documents()) {
            for (var target : named(LINK, file.toString())) {
                assertThat(file.resolveSibling(target).normalize()).as("link in %s", file).exists();
            }
        }
    }

    @Test
    void theRightsAreThoseOfTheManifests() throws IOException {
        var rules = new ArrayList<String>();
        for (var file :
                List.of(
                        "k8s/peer/30-rbac.yaml",
                        "k8s/base/30-rbac.yaml",
                        "k8s/renewer/30-rbac.yaml")) {
            for (var role : Yaml.readAll(Path.of(file))) {
                for (var rule : role.path("rules")) {
                    rules.add(
                            "| %s | %s | %s |"
                                    .formatted(
                                            words(rule.path("apiGroups")).replace("``", "core"),
                                            words(rule.path("resources")),
                                            words(rule.path("verbs"))));
                }
            }
        }

        assertThat(Files.readAllLines(Path.of("k8s/README.md")))
                .filteredOn(it -> it.endsWith("` |") && it.matches(".*`(get|list|create)`.*"))
                .isEqualTo(rules);
    }

    private static String words(JsonNode list) {
        var words = new ArrayList<String>();
        list.forEach(it -> words.add("`" + it.asText() + "`"));
        return String.join(", ", words);
    }

    /// `InstallationIT` runs the blocks of these sections; the verbs of make are others' tests, or
    /// run them.
    @Test
    void everyCommandOfTheReadmeIsRunByATest() throws IOException {
        var commands = new ArrayList<String>();
        for (var block : Document.of("README.md").blocks()) {
            switch (block.section()) {
                case "What a refusal looks like", "Change a policy", "Install" -> {}
                case "See it" -> commands.addAll(block.lines());
                default -> assertThat(block.lines()).as(block.section()).noneMatch(COMMAND);
            }
        }

        assertThat(commands).allMatch(it -> it.matches("make [a-z]+ +#.*"));
        for (var command : commands) {
            assertThat(Files.readString(Path.of("Makefile")))
                    .containsPattern("(?m)^" + command.substring(5).replaceFirst(" .*", "") + ":");
        }
    }

    @Test
    void makeHelpListsEveryVerbAndTheDocumentsNameNoOther() throws IOException {
        var makefile = Files.readString(Path.of("Makefile"));
        var rules = MAKE_RULE.matcher(makefile).results().map(it -> it.group(1)).toList();

        var listed =
                new ProcessBuilder("make", "--no-print-directory", "help")
                        .redirectErrorStream(true)
                        .start()
                        .inputReader()
                        .lines()
                        .map(it -> it.strip().replaceFirst(" .*", ""))
                        .toList();

        assertThat(listed).hasSizeGreaterThan(20).isEqualTo(rules);
        var phony = makefile.lines().filter(it -> it.startsWith(".PHONY: ")).findFirst();
        assertThat(phony.orElseThrow().split(" ")).contains(listed.toArray(String[]::new));
        for (var file : documents()) {
            assertThat(named(VERB, file.toString())).as("%s", file).isSubsetOf(listed);
        }
    }

    /// Tables and what a terminal shows are as wide as they are; a link cannot be broken.
    @Test
    void everyDocumentIsWrapped() throws IOException {
        for (var file : documents()) {
            var fenced = false;
            for (var line : Files.readAllLines(file)) {
                fenced ^= line.startsWith("```");
                var fixed = fenced || line.strip().startsWith("|") || UNBREAKABLE.test(line);
                assertThat(fixed ? 0 : line.length()).as("%s: %s", file, line).isLessThan(121);
            }
        }
    }

    @Test
    void theReadmeIsReadInOneGo() throws IOException {
        assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThan(201);
    }

    /// One word, of code or of a link, maybe behind the mark of a list.
    private static final Predicate<String> UNBREAKABLE =
            Pattern.compile("^ *([-*] |\\d+\\. )?(!\\[[^]]*]\\(\\S+|`[^`]*`\\S*|\\S+)$")
                    .asMatchPredicate();

    private static final Predicate<String> COMMAND =
            Pattern.compile("^(for |kubectl|make |docker|[./a-z0-9-]+/[a-z-]+\\.sh|\\./mvnw)")
                    .asPredicate();

    private static List<Path> documents() throws IOException {
        var documents = new ArrayList<Path>();
        for (var name :
                List.of(
                        "README.md",
                        "CONTRIBUTING.md",
                        "SECURITY.md",
                        "CHANGELOG.md",
                        "certs/README.md",
                        "charts/lockstep/README.md",
                        "k8s/README.md",
                        "native/README.md")) {
            documents.add(Path.of(name));
        }
        try (var files = Files.walk(Path.of("docs"))) {
            files.filter(it -> it.toString().endsWith(".md")).forEach(documents::add);
        }
        return documents;
    }

    private static List<String> named(Pattern pattern, String file) throws IOException {
        return pattern.matcher(Files.readString(Path.of(file)))
                .results()
                .map((MatchResult it) -> it.group(1))
                .distinct()
                .toList();
    }
}
