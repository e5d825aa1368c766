package mesh.lockstep.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/// Where something begins in a file.
///
/// @param file empty if it came from standard input
/// @param line from 1 on
/// @param column from 1 on
record Spot(Optional<Path> file, int line, int column) {

    static Spot of(Optional<Path> file, Node node) {
        return node.getStartMark()
                .map(mark -> new Spot(file, mark.getLine() + 1, mark.getColumn() + 1))
                .orElse(new Spot(file, 1, 1));
    }
}
