package mesh.lockstep.policy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One side of a connection, as a statement names it. Two peers are the same when their texts are.
public sealed interface Peer {

    /// The peer in its one spelling.
    String text();

    /// Whether it is proven that all of `other` is in this peer.
    boolean covers(Peer other);

    /// Whatever has these labels; nothing required, everyone.
    ///
    /// @param requirements for each label, with its source: `k8s:app`
    record Labelled(String text, SortedMap<String, ValueSet> requirements) implements Peer {

        public static final Labelled EVERYONE = of(Map.of());

        public Labelled {
            requirements = Collections.unmodifiableSortedMap(requirements);
        }

        public static Labelled of(Map<String, ValueSet> requirements) {
            var sorted = new TreeMap<>(requirements);
            return new Labelled(
                    sorted.entrySet().stream()
                            .map(entry -> entry.getKey() + " " + entry.getValue())
                            .collect(Collectors.joining(", ", "{", "}")),
                    sorted);
        }

        @Override
        public boolean covers(Peer other) {
            if (requirements.isEmpty()) {
                return true;
            }
            return other instanceof Labelled(_, var theirs)
                    && requirements.entrySet().stream()
                            .allMatch(
                                    entry ->
                                            theirs.containsKey(entry.getKey())
                                                    && entry.getValue()
                                                            .covers(theirs.get(entry.getKey())));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Labelled it && text.equals(it.text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    /// The addresses of a block without those of some blocks inside it.
    record Addresses(String text, AddressBlock block, List<AddressBlock> excepts) implements Peer {

        public Addresses {
            excepts = List.copyOf(excepts);
        }

        public static Addresses of(AddressBlock block, List<AddressBlock> excepts) {
            var without = excepts.isEmpty() ? "" : " except " + excepts;
            return new Addresses(block + without, block, excepts);
        }

        @Override
        public boolean covers(Peer other) {
            return other instanceof Addresses(_, var theirBlock, var theirExcepts)
                    && block.contains(theirBlock)
                    && excepts.stream()
                            .allMatch(
                                    except ->
                                            !except.overlaps(theirBlock)
                                                    || theirExcepts.stream()
                                                            .anyMatch(it -> it.contains(except)));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Addresses it && text.equals(it.text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    /// What only the cluster can resolve: a DNS name, a group, a service.
    record Named(String text) implements Peer {
        @Override
        public boolean covers(Peer other) {
            return equals(other);
        }
    }
}
