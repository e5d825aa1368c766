package mesh.lockstep.cli;

/// How a command ends, as `kubectl diff` does.
final class ExitCode {

    static final int SAME = 0;
    static final int DIFFERENT = 1;
    static final int ERROR = 2;

    private ExitCode() {}
}
