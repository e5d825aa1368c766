package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import mesh.lockstep.cli.FileDiff.OfOne;
import mesh.lockstep.cli.Lines.Place;
import mesh.lockstep.cli.Prospect.Fate;
import mesh.lockstep.cli.Report.Entry;
import mesh.lockstep.cli.Report.Issue;
import mesh.lockstep.cli.Report.Mark;
import mesh.lockstep.cli.Report.Weight;
import mesh.lockstep.difference.Difference;
import mesh.lockstep.difference.Difference.OnlyThere;
import mesh.lockstep.policy.Names;
import mesh.lockstep.rollout.Finding;

/// What comparisons have found of policies, for a report.
final class Entries {

    /// Nobody looks at more.
    private static final int MAX_PLACES = 20;

    private Entries() {}

    /// Copies, and where they part.
    ///
    /// @param documents where files have the policy, by what each copy is called
    static Entry of(Parting parting, Map<String, Spot> documents) {
        var copies = parting.copies();
        var standing = copies.standing();
        var isTold = standing.isDifference() || standing == Standing.UNKNOWN;
        var issue =
                new Issue(
                        standing.word(),
                        weight(standing),
                        parting.lines(),
                        parting.parts().stream().flatMap(part -> places(part, documents)).toList());
        return new Entry(
                copies.key(),
                documents.values().stream().findFirst(),
                mark(standing),
                standing.word() + ": " + SurveyText.inWords(copies),
                isTold ? List.of(issue) : List.of());
    }

    private static Mark mark(Standing standing) {
        return switch (standing) {
            case DIFFERS, MISSING -> Mark.FAILED;
            case UNKNOWN, EXEMPT -> Mark.SKIPPED;
            case AGREES -> Mark.PASSED;
        };
    }

    private static Weight weight(Standing standing) {
        return switch (standing) {
            case DIFFERS -> Weight.ERROR;
            case MISSING -> Weight.WARNING;
            case UNKNOWN, AGREES, EXEMPT -> Weight.NOTE;
        };
    }

    /// A file's policy, and what would become of it. What is called the same of several clusters is
    /// said together.
    static Entry of(OfOne policy) {
        var byRule = new LinkedHashMap<String, List<Prospect>>();
        for (var prospect : policy.prospects()) {
            if (prospect.fate() != Fate.SAME || !prospect.warnings().isEmpty()) {
                byRule.computeIfAbsent(rule(prospect), _ -> new ArrayList<>()).add(prospect);
            }
        }
        var issues = new ArrayList<Issue>();
        byRule.forEach((rule, its) -> issues.add(issue(rule, its, policy.spot())));
        return new Entry(
                policy.key(), Optional.of(policy.spot()), mark(policy), state(policy), issues);
    }

    private static Mark mark(OfOne policy) {
        var fates = policy.prospects().stream().map(Prospect::fate).toList();
        if (fates.stream().anyMatch(Fate::isDifference)) {
            return Mark.FAILED;
        }
        return fates.contains(Fate.UNKNOWN) ? Mark.SKIPPED : Mark.PASSED;
    }

    /// As "would change: cluster1, cluster2; the same: cluster3", the worst first.
    private static String state(OfOne policy) {
        var byFate = new TreeMap<Fate, List<String>>(Comparator.reverseOrder());
        policy.prospects()
                .forEach(
                        prospect ->
                                byFate.computeIfAbsent(prospect.fate(), _ -> new ArrayList<>())
                                        .add(prospect.cluster().value()));
        var parts = new ArrayList<String>();
        byFate.forEach(
                (fate, clusters) -> parts.add(fate.words() + ": " + Names.first(clusters, ", ")));
        return String.join("; ", parts);
    }

    private static String rule(Prospect prospect) {
        return prospect.finding()
                .map(Finding::name)
                .orElse(
                        switch (prospect.fate()) {
                            case SAME -> Rules.REMARK;
                            case CREATED -> Rules.CREATED;
                            case CHANGED -> Rules.CHANGED;
                            case REFUSED -> Rules.REFUSED;
                            case UNKNOWN -> Standing.UNKNOWN.word();
                        });
    }

    private static Issue issue(String rule, List<Prospect> prospects, Spot document) {
        var lines = new ArrayList<String>();
        for (var prospect : prospects) {
            lines.add("  " + prospect.cluster() + ": " + prospect.fate().words());
            lines.addAll(prospect.details());
        }
        var places =
                prospects.stream()
                        .flatMap(each -> each.part().stream())
                        .limit(1)
                        .flatMap(part -> places(part, Map.of(part.here(), document)));
        return new Issue(rule, weight(prospects), lines, places.toList());
    }

    private static Weight weight(List<Prospect> prospects) {
        if (prospects.stream().anyMatch(prospect -> prospect.fate() == Fate.REFUSED)) {
            return Weight.ERROR;
        }
        var isQuiet = prospects.stream().allMatch(prospect -> prospect.warnings().isEmpty());
        return isQuiet ? Weight.NOTE : Weight.WARNING;
    }

    /// What one of two files lacks is where the other has it; or near it, if that is no file.
    private static Stream<Place> places(Part part, Map<String, Spot> documents) {
        var here = Optional.ofNullable(documents.get(part.here()));
        var there = Optional.ofNullable(documents.get(part.there()));
        return Stream.concat(part.differences().places().stream(), part.beside().stream())
                .limit(MAX_PLACES)
                .flatMap(difference -> place(difference, here, there).stream());
    }

    private static Optional<Place> place(
            Difference difference, Optional<Spot> here, Optional<Spot> there) {
        var path = difference.path();
        return difference instanceof OnlyThere
                ? there.map(spot -> new Place(spot, path, true))
                        .or(() -> here.map(spot -> new Place(spot, path, false)))
                : here.map(spot -> new Place(spot, path, true));
    }
}
