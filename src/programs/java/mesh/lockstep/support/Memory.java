package mesh.lockstep.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The memory of a process, as this machine counts it (Linux only), in bytes.
///
/// @param most that was resident at any time: what a limit has to allow
/// @param resident now, with what is mapped of files, which can be taken away
/// @param anonymous of that, what belongs to the process alone: what a node has to have
public record Memory(long most, long resident, long anonymous) {

    public static Memory of(ProcessHandle process) {
        try {
            var status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
            return new Memory(
                    number("VmHWM", status), number("VmRSS", status), number("RssAnon", status));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(String name, String status) {
        return Pattern.compile("(?m)^" + name + ":\\s+(\\d+) kB$")
                .matcher(status)
                .results()
                .map((MatchResult it) -> Long.parseLong(it.group(1)) << 10)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name + " in " + status));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d MiB resident (%d anonymous), %d at most",
                resident >> 20,
                anonymous >> 20,
                most >> 20);
    }
}
