package mesh.lockstep.cli;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Finds what is in a YAML document as it is written, where [Spot]s are known.
final class Nodes {

    private Nodes() {}

    /// A key of a map, with its value.
    static Optional<NodeTuple> entry(Node map, String key) {
        return map instanceof MappingNode mapping
                ? mapping.getValue().stream()
                        .filter(
                                tuple ->
                                        tuple.getKeyNode() instanceof ScalarNode scalar
                                                && scalar.getValue().equals(key))
                        .findFirst()
                : Optional.empty();
    }

    static Optional<Node> value(Node map, String key) {
        return entry(map, key).map(NodeTuple::getValueNode);
    }

    /// None of what is not a list.
    static List<Node> items(Node list) {
        return list instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }
}
