package mesh.lockstep.difference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import mesh.lockstep.policy.Spec;

/// A part of the manifest here, in which differences may be settled as there.
sealed interface Merge {

    /// What is here once these differences are settled; missing for nothing.
    ///
    /// @param settled numbers of choices
    JsonNode with(BitSet settled);

    /// Nothing to settle.
    record Same(JsonNode tree) implements Merge {
        @Override
        public JsonNode with(BitSet settled) {
            return tree;
        }
    }

    /// One difference.
    ///
    /// @param here missing where only the other says something
    /// @param there missing where only this one does
    record Choice(int number, JsonNode here, JsonNode there) implements Merge {
        @Override
        public JsonNode with(BitSet settled) {
            return settled.get(number) ? there : here;
        }
    }

    /// The properties of an object.
    record Properties(Map<String, Merge> properties) implements Merge {
        @Override
        public JsonNode with(BitSet settled) {
            var object = JsonNodeFactory.instance.objectNode();
            properties.forEach(
                    (key, merge) -> {
                        var value = merge.with(settled);
                        if (!value.isMissingNode()) {
                            object.set(key, value);
                        }
                    });
            return object;
        }
    }

    /// The elements of a list.
    record Elements(List<Merge> elements) implements Merge {
        @Override
        public JsonNode with(BitSet settled) {
            var list = JsonNodeFactory.instance.arrayNode(elements.size());
            for (var element : elements) {
                var value = element.with(settled);
                if (!value.isMissingNode()) {
                    list.add(value);
                }
            }
            return list;
        }
    }

    /// A rule that has no partner, entry by entry; without entries it is none.
    record Entries(Properties rule) implements Merge {
        @Override
        public JsonNode with(BitSet settled) {
            var tree = rule.with(settled);
            return Spec.SECTIONS.stream().allMatch(section -> tree.path(section).isEmpty())
                    ? MissingNode.getInstance()
                    : tree;
        }
    }
}
