package mesh.lockstep.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// Finds the lines of places. Files are read again for that, each once: few reports have lines.
final class Lines {

    private static final Pattern STEP =
            Pattern.compile("\\G\\.?(?:([^.\\[\\]]+)|\\[\"(.*?)\"]|\\[(\\d+)])");

    private final Map<Path, Map<Spot, Node>> files = new HashMap<>();

    /// A place in a policy of a file.
    ///
    /// @param document where the policy begins
    /// @param path in the words of a manifest
    /// @param exact whether the path is of this file; or else of another copy of the policy, in
    ///   which lists may have other items
    record Place(Spot document, String path, boolean exact) {}

    /// The line of what is nearest to a place: of the document, where nothing of the path is found.
    int of(Place place) {
        var document = place.document();
        var node =
                document.file()
                        .map(path -> files.computeIfAbsent(path, Lines::documents))
                        .flatMap(map -> Optional.ofNullable(map.get(document)));
        return node.map(each -> line(each, place)).orElse(document.line());
    }

    private static int line(Node document, Place place) {
        var within = document;
        var line = Spot.of(Optional.empty(), document).line();
        var steps = STEP.matcher(place.path());
        for (int i = 0; steps.find() && (i == 0 || place.exact()); i++) {
            if (i == 0 && Nodes.entry(within, steps.group()).isEmpty()) {
                within = Nodes.value(within, "spec").orElse(within);
            }
            var next = step(within, steps.group(1), steps.group(2), steps.group(3));
            if (next.isEmpty()) {
                break;
            }
            within = next.get().node();
            line = next.get().line();
        }
        return line;
    }

    private record Found(Node node, int line) {}

    private static Optional<Found> step(
            Node within, @Nullable String name, @Nullable String quoted, @Nullable String index) {
        if (index != null) {
            var items = Nodes.items(within);
            return index.length() < 7 && Integer.parseInt(index) < items.size()
                    ? Optional.of(found(items.get(Integer.parseInt(index))))
                    : Optional.empty();
        }
        return Optional.ofNullable(name == null ? quoted : name)
                .flatMap(text -> Nodes.entry(within, text))
                .map(tuple -> new Found(tuple.getValueNode(), found(tuple.getKeyNode()).line()));
    }

    private static Found found(Node node) {
        return new Found(node, Spot.of(Optional.empty(), node).line());
    }

    private static Map<Spot, Node> documents(Path file) {
        var documents = new HashMap<Spot, Node>();
        try {
            for (var node :
                    new Compose(Documents.settings(file.toString()))
                            .composeAllFromString(Files.readString(file))) {
                add(file, List.of(node), documents);
            }
        } catch (IOException | YamlEngineException e) {
            // It was read a moment ago: where its documents begin is still known.
            return Map.of();
        }
        return documents;
    }

    private static void add(Path file, List<Node> nodes, Map<Spot, Node> documents) {
        for (var node : nodes) {
            if (documents.putIfAbsent(Spot.of(Optional.of(file), node), node) == null) {
                Nodes.value(node, Documents.ITEMS)
                        .ifPresent(each -> add(file, Nodes.items(each), documents));
            }
        }
    }
}
