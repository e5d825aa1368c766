package mesh.lockstep.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mesh.lockstep.cli.Lines.Place;
import mesh.lockstep.cli.Meeting.Absent;
import mesh.lockstep.policy.PolicyKey;

/// What a comparison has found, as the tools of pipelines take it.
///
/// @param entries one for each policy
/// @param beside what does not count as a difference, and is of no single policy
/// @param absent clusters that were to be compared as well
/// @param tables for people, in the place of one of the entries; none: that one
/// @param summary in a sentence
record Report(
        List<Entry> entries,
        List<Issue> beside,
        List<Absent> absent,
        List<Table> tables,
        String summary) {

    Report {
        entries = List.copyOf(entries);
        beside = List.copyOf(beside);
        absent = List.copyOf(absent);
        tables = List.copyOf(tables);
    }

    /// What became of one policy.
    ///
    /// @param document where a file has it
    /// @param state in a few words
    /// @param issues what is to be said of it
    record Entry(
            PolicyKey key, Optional<Spot> document, Mark mark, String state, List<Issue> issues) {
        Entry {
            issues = List.copyOf(issues);
        }
    }

    /// How a test ends.
    enum Mark {
        PASSED,
        /// There is a difference.
        FAILED,
        /// It is not known, or not meant to be the same.
        SKIPPED
    }

    /// Something to be said.
    ///
    /// @param rule the finding's name, if it is one
    /// @param lines for people
    /// @param places where files have what it is about
    record Issue(String rule, Weight weight, List<String> lines, List<Place> places) {
        Issue {
            lines = List.copyOf(lines);
            places = List.copyOf(places);
        }
    }

    /// How much it matters.
    enum Weight {
        ERROR,
        WARNING,
        NOTE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
