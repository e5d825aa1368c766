package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BiConsumer;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Yaml;

/// The judge of `mesh/oracle`, running: Cilium's own packages.
final class Oracle implements AutoCloseable {

    private static final Path PROGRAM = Path.of("mesh/bin/oracle").toAbsolutePath();
    private static final int UNDER_WAY = 1000;

    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;

    Oracle() {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException(
                    "the oracle is not built: run mesh/build-tool.sh oracle");
        }
        try {
            process =
                    new ProcessBuilder(PROGRAM.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        questions = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /// Asks one question and waits.
    Answer ask(Pair pair) {
        send(pair.question());
        flush();
        return Answer.of(receive());
    }

    /// A question, and what it is about.
    record Asked<T>(T subject, JsonNode question) {}

    /// Asks of many pairs, several at a time; the answers come in the order of the pairs.
    <T> void askAll(Iterator<Asked<T>> all, BiConsumer<T, Answer> told) {
        var underWay = new ArrayBlockingQueue<Optional<Asked<T>>>(UNDER_WAY);
        var asking = Thread.ofVirtual().start(() -> sendAll(all, underWay));
        try {
            for (var next = underWay.take(); next.isPresent(); next = underWay.take()) {
                told.accept(next.get().subject(), Answer.of(receive()));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            asking.interrupt();
        }
    }

    private <T> void sendAll(Iterator<Asked<T>> all, BlockingQueue<Optional<Asked<T>>> underWay) {
        try {
            while (all.hasNext()) {
                var next = all.next();
                send(next.question());
                underWay.put(Optional.of(next));
            }
            flush();
            underWay.put(Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(JsonNode question) {
        try {
            questions.write(new String(Yaml.json(question), StandardCharsets.UTF_8));
            questions.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void flush() {
        try {
            questions.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode receive() {
        try {
            var line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("the oracle ended");
            }
            return StrictJson.read(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            questions.close();
            process.destroy();
        } catch (IOException e) {
            process.destroy();
        }
    }
}
