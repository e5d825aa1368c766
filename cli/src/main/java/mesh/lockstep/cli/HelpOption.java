package mesh.lockstep.cli;

import picocli.CommandLine.Option;

/// Every command has it.
final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this.")
    @SuppressWarnings("unused") // picocli looks at the annotation alone
    private boolean asked;
}
