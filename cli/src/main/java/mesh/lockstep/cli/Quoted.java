package mesh.lockstep.cli;

import java.util.Collection;
import java.util.regex.Pattern;

/// Words of a command that can be copied into a shell.
final class Quoted {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private Quoted() {}

    static String of(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /// The option with which a command takes these contexts.
    static String contexts(Collection<String> contexts) {
        return "--contexts " + of(String.join(",", contexts));
    }
}
