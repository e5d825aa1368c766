package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How a command writes what it found.
final class OutputOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    private Format format = Format.TABLE;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table, json or yaml.")
    void setFormat(Format format) {
        if (format.isReport()) {
            throw new ParameterException(
                    command.commandLine(),
                    "-o %s is for check and diff; %s has table, json and yaml"
                            .formatted(format.name().toLowerCase(Locale.ROOT), command.name()));
        }
        this.format = format;
    }

    /// Writes a result as the user wants it.
    ///
    /// @param table prints it for people
    /// @param tree makes it for programs
    void print(Terminal terminal, Runnable table, Supplier<? extends JsonNode> tree) {
        if (format == Format.TABLE) {
            table.run();
        } else {
            format.print(tree.get(), terminal);
        }
    }
}
