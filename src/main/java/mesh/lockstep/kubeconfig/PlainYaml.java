package mesh.lockstep.kubeconfig;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import mesh.lockstep.kubeconfig.Kubeconfig.Refusal;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.DuplicateKeyException;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// YAML without the parts that make it dangerous to read: no aliases, no tags, no depth, one
/// document.
///
/// The document is walked event by event first, since loading is recursive and multiplies aliases.
final class PlainYaml {

    private static final int MAX_DEPTH = 20;

    /// Characters. To make a number of them takes their square in time.
    private static final int MAX_NUMBER = 100;

    private static final Pattern NUMBER = Pattern.compile("[0-9.eE+-]+");

    private PlainYaml() {}

    /// Maps, lists, texts, numbers, booleans and null.
    static @Nullable Object read(ByteBuffer file) throws Refusal {
        var text = text(file);
        var settings = settings(text.length());
        try {
            walk(text, settings);
            return new Load(settings).loadFromString(text);
        } catch (DuplicateKeyException e) {
            throw new Refusal(
                    "duplicate field" + line(e.getProblemMark().map(mark -> mark.getLine())));
        } catch (MarkedYamlEngineException e) {
            throw new Refusal("not YAML" + line(e.getProblemMark().map(mark -> mark.getLine())));
        } catch (YamlEngineException e) {
            throw new Refusal("not YAML");
        }
    }

    /// @param length of the text: the parser copies what it has of a long scalar whenever its
    ///   buffer is empty, so that has room for all
    private static LoadSettings settings(int length) {
        return LoadSettings.builder()
                .setLabel("kubeconfig")
                .setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false)
                .setCodePointLimit(Kubeconfig.MAX_BYTES)
                .setBufferSize(length + 2)
                .build();
    }

    private static String text(ByteBuffer file) throws Refusal {
        if (file.remaining() > Kubeconfig.MAX_BYTES) {
            throw new Refusal("larger than " + Kubeconfig.MAX_BYTES / 1024 + " KiB");
        }
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(file.duplicate()).toString();
            if (text.isBlank()) {
                throw new Refusal("empty");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new Refusal("not UTF-8");
        }
    }

    private static void walk(String text, LoadSettings settings) throws Refusal {
        int depth = 0;
        int documents = 0;
        for (var event : new Parse(settings).parseString(text)) {
            refuseReferences(event);
            refuseLongNumbers(event);
            switch (event) {
                case DocumentStartEvent _ -> documents++;
                case CollectionStartEvent _ -> depth++;
                case CollectionEndEvent _ -> depth--;
                default -> {
                    // Scalars change neither.
                }
            }
            if (depth > MAX_DEPTH) {
                throw new Refusal("nested more than " + MAX_DEPTH + " deep");
            }
            if (documents > 1) {
                throw new Refusal("more than one document");
            }
        }
    }

    private static void refuseReferences(Event event) throws Refusal {
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            // An alias is also a node: its anchor is what it refers to.
            throw new Refusal("anchors and aliases are not allowed");
        }
        var tag =
                switch (event) {
                    case ScalarEvent scalar -> scalar.getTag();
                    case CollectionStartEvent start -> start.getTag();
                    default -> Optional.empty();
                };
        if (tag.isPresent()) {
            throw new Refusal("tags are not allowed");
        }
    }

    /// A string of this many digits is in quotes.
    private static void refuseLongNumbers(Event event) throws Refusal {
        if (event instanceof ScalarEvent scalar
                && scalar.isPlain()
                && scalar.getValue().length() > MAX_NUMBER
                && NUMBER.matcher(scalar.getValue()).matches()) {
            throw new Refusal("a number has more than " + MAX_NUMBER + " digits");
        }
    }

    /// Marks count lines from 0.
    private static String line(Optional<Integer> mark) {
        return mark.map(line -> " (line " + (line + 1) + ")").orElse("");
    }
}
