package mesh.lockstep.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The fenced blocks of a document in Markdown.
public record Document(Path file) {

    /// A block and the last heading before it.
    public record Block(String section, List<String> lines) {

        /// Whether it shows a terminal: commands behind a `$`, and what came back.
        public boolean isTranscript() {
            return lines.getFirst().startsWith("$ ");
        }

        /// The commands of a transcript, with what they print.
        public List<Exchange> exchanges() {
            var exchanges = new ArrayList<Exchange>();
            for (var line : lines) {
                if (line.startsWith("$ ")) {
                    exchanges.add(new Exchange(line.substring(2), new ArrayList<>()));
                } else {
                    exchanges.getLast().printed().add(line);
                }
            }
            return exchanges;
        }
    }

    public record Exchange(String command, List<String> printed) {}

    public static Document of(String file) {
        return new Document(Path.of(file));
    }

    public List<Block> blocks() {
        var blocks = new ArrayList<Block>();
        var section = "";
        List<String> open = null;
        for (var line : lines()) {
            if (line.startsWith("```")) {
                if (open != null) {
                    blocks.add(new Block(section, open));
                }
                open = open == null ? new ArrayList<>() : null;
            } else if (open != null) {
                open.add(line);
            } else if (line.startsWith("#")) {
                section = line.replaceFirst("^#+ ", "");
            }
        }
        return blocks;
    }

    /// The only block of commands in a section.
    public List<String> commands(String section) {
        return only(section, false).lines();
    }

    /// The only transcript in a section.
    public List<Exchange> transcript(String section) {
        return only(section, true).exchanges();
    }

    private Block only(String section, boolean transcript) {
        var found =
                blocks().stream()
                        .filter(it -> it.section().equals(section))
                        .filter(it -> it.isTranscript() == transcript)
                        .toList();
        if (found.size() != 1) {
            throw new IllegalStateException(
                    "%d such blocks in %s of %s".formatted(found.size(), section, file));
        }
        return found.getFirst();
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
