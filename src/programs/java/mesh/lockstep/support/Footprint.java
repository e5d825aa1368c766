package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import mesh.lockstep.policy.StrictJson;

/// What a process on this machine holds (Linux only); a JVM, after a garbage collection.
///
/// @param threads of the operating system
/// @param virtualThreads that have not ended; an executable does not tell
/// @param live bytes of the objects that can be reached; an executable does not tell
/// @param resident bytes of memory
public record Footprint(
        int threads, OptionalInt virtualThreads, int sockets, OptionalLong live, long resident) {

    private static final Pattern OBJECTS = Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +(\\S+)");
    private static final Pattern THREADS = Pattern.compile("(?m)^Threads:\\s+(\\d+)");

    public static Footprint of(ProcessHandle process) {
        try {
            var status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
            var threads = (int) number(THREADS, status);
            var resident = Memory.of(process).resident();
            if (!isJvm(process)) {
                return new Footprint(
                        threads,
                        OptionalInt.empty(),
                        sockets(process),
                        OptionalLong.empty(),
                        resident);
            }
            return new Footprint(
                    threads,
                    OptionalInt.of(virtualThreads(process)),
                    sockets(process),
                    OptionalLong.of(live(process)),
                    resident);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isJvm(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("/java");
    }

    @Override
    public String toString() {
        var told = new StringBuilder(threads + " threads, ");
        virtualThreads.ifPresent(it -> told.append(it).append(" virtual threads, "));
        told.append(sockets).append(" sockets, ");
        live.ifPresent(it -> told.append(mebibytes(it)).append(" live, "));
        return told.append(mebibytes(resident)).append(" resident").toString();
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }

    /// Without the objects that a collector makes to fill gaps.
    private static long live(ProcessHandle process) throws IOException, InterruptedException {
        return OBJECTS.matcher(ask(process, "GC.class_histogram"))
                .results()
                .filter(it -> !it.group(2).contains("jdk.internal.vm.Filler"))
                .mapToLong(it -> Long.parseLong(it.group(1)))
                .sum();
    }

    private static int virtualThreads(ProcessHandle process)
            throws IOException, InterruptedException {
        var file = Files.createTempFile("threads", ".json");
        try {
            ask(process, "Thread.dump_to_file", "-overwrite", "-format=json", file.toString());
            int number = 0;
            JsonNode containers =
                    StrictJson.read(Files.readAllBytes(file)).at("/threadDump/threadContainers");
            for (var container : containers) {
                for (var thread : container.path("threads")) {
                    number += thread.path("virtual").asBoolean() ? 1 : 0;
                }
            }
            return number;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static int sockets(ProcessHandle process) throws IOException {
        int number = 0;
        try (var open = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (var one : open) {
                number += isSocket(one) ? 1 : 0;
            }
        }
        return number;
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            // Closed meanwhile.
            return false;
        }
    }

    private static String ask(ProcessHandle process, String... question)
            throws IOException, InterruptedException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                                Long.toString(process.pid())));
        command.addAll(List.of(question));
        var asked = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (asked.waitFor() != 0) {
            throw new IOException(said);
        }
        return said;
    }

    private static long number(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult it) -> Long.parseLong(it.group(1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + pattern + " in " + text));
    }
}
