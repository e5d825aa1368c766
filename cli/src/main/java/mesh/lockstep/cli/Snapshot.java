package mesh.lockstep.cli;

import java.util.List;
import mesh.lockstep.cli.Meeting.Absent;

/// What `check` has found at one moment.
///
/// @param everything whether policies are listed that are as they are meant to be
record Snapshot(Survey survey, List<Absent> absent, boolean everything) {

    Snapshot {
        absent = List.copyOf(absent);
    }

    SurveyText text() {
        return new SurveyText(survey, everything, survey.members().size() + absent.size());
    }

    int exitCode() {
        var differs =
                survey.policies().stream().anyMatch(copies -> copies.standing().isDifference());
        return differs ? ExitCode.DIFFERENT : ExitCode.SAME;
    }
}
