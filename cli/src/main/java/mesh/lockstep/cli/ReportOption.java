package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How a comparison writes what it found, also for the tools of pipelines.
final class ReportOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description =
                    "table, json or yaml; for pipelines: junit, sarif (2.1.0), or markdown for the page of a job.")
    private Format format = Format.TABLE;

    Format format() {
        return format;
    }

    /// Writes a result as the user wants it.
    ///
    /// @param table prints it for people
    /// @param tree makes it for programs
    /// @param report makes it for pipelines
    void print(
            Terminal terminal,
            Runnable table,
            Supplier<? extends JsonNode> tree,
            Supplier<Report> report) {
        switch (format) {
            case TABLE -> table.run();
            case JSON, YAML -> format.print(tree.get(), terminal);
            case JUNIT -> terminal.line(new JunitReport(command.name(), report.get()).text());
            case SARIF -> format.print(new SarifReport(report.get()).json(), terminal);
            case MARKDOWN -> terminal.line(new MarkdownReport(command.name(), report.get()).text());
        }
    }
}
