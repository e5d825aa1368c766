package mesh.lockstep.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A command that has run, without a cluster.
record Ran(int code, String out, String err) {

    static Ran of(String... arguments) {
        return withInput("", arguments);
    }

    static Ran withInput(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            var terminal = new Terminal(stream(out), stream(err), false, false);
            var commands = Main.commands(terminal);
            commands.setOut(new java.io.PrintWriter(stream(out), true, StandardCharsets.UTF_8));
            commands.setErr(new java.io.PrintWriter(stream(err), true, StandardCharsets.UTF_8));
            var code = commands.execute(arguments);
            return new Ran(
                    code,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(before);
        }
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
