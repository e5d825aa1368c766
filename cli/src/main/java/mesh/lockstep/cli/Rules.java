package mesh.lockstep.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import mesh.lockstep.rollout.Finding;

/// What comparisons find, by name: the findings, and what has no name among them.
final class Rules {

    static final String CREATED = "Created";
    static final String CHANGED = "Changed";
    static final String REFUSED = "Refused";
    static final String REMARK = "Remark";
    static final String SETTING = "Setting";
    static final String GROUP = "CidrGroup";

    private static final String PAGE = "/findings.md";

    private static final Map<String, String> OTHERS =
            Map.of(
                    CREATED,
                    "The cluster does not have the file's policy.",
                    CHANGED,
                    "The cluster has the file's policy in another version.",
                    REFUSED,
                    "The cluster's webhook would refuse the file's policy.",
                    REMARK,
                    "What the author of a policy should know besides.",
                    SETTING,
                    "Clusters differ in a setting of Cilium by which the same policy behaves differently.",
                    GROUP,
                    "A policy uses a CIDR group that a cluster does not have: it matches no addresses there.");

    private Rules() {}

    /// The names of all findings.
    static List<String> findings() {
        return Arrays.stream(Finding.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList();
    }

    /// What a name means, in lines without marks; the first is the name itself, if that is a
    /// finding's.
    static List<String> help(String rule) {
        return section(rule)
                .map(Markdown::plain)
                .orElseGet(() -> List.of(OTHERS.getOrDefault(rule, rule)));
    }

    /// Its section of the page about findings.
    ///
    /// @param name of a finding, in any case
    static Optional<String> section(String name) {
        try (var page = Objects.requireNonNull(Rules.class.getResourceAsStream(PAGE))) {
            var text = new String(page.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n## ", -1))
                    .filter(section -> isOf(name, section.lines().findFirst().orElse("")))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOf(String name, String title) {
        return title.equalsIgnoreCase(name) && findings().contains(title);
    }
}
