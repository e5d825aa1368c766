package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mesh.lockstep.cli.Meeting.Absent;
import mesh.lockstep.cli.Report.Issue;
import mesh.lockstep.cli.Report.Weight;
import mesh.lockstep.policy.Names;

/// A survey for pipelines.
final class SurveyReport {

    private SurveyReport() {}

    static Report of(SurveyText text, List<Absent> absent) {
        var survey = text.survey();
        var beside = new ArrayList<Issue>();
        survey.settings()
                .forEach(
                        (setting, values) ->
                                beside.add(
                                        issue(Rules.SETTING, setting, SurveyText.inWords(values))));
        survey.groups()
                .forEach(
                        (group, members) -> {
                            var names = Names.first(SurveyText.names(members), ", ");
                            beside.add(issue(Rules.GROUP, group, "missing in " + names));
                        });
        return new Report(
                survey.policies().stream()
                        .map(copies -> Entries.of(new Parting(copies, List.of()), Map.of()))
                        .toList(),
                beside,
                absent,
                text.tables(),
                text.summary());
    }

    private static Issue issue(String rule, String name, String what) {
        return new Issue(rule, Weight.NOTE, List.of(name + ": " + what), List.of());
    }
}
