package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/// How a command writes what it found.
final class OutputOption {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table, json or yaml.")
    private Format format = Format.TABLE;

    /// Writes a result as the user wants it.
    ///
    /// @param table prints it for people
    /// @param tree makes it for programs
    void print(Terminal terminal, Runnable table, Supplier<? extends JsonNode> tree) {
        switch (format) {
            case TABLE -> table.run();
            case JSON, YAML -> format.print(tree.get(), terminal);
        }
    }
}
