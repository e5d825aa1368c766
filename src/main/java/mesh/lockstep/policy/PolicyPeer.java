package mesh.lockstep.policy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/// One side of a connection, as a statement names it. Two peers are the same when they are of one
/// kind and their texts are the same.
public sealed interface PolicyPeer extends Comparable<PolicyPeer> {

    /// The peer in its one spelling, [Abridged].
    String text();

    /// Whether it is proven that all of `other` is in this peer.
    boolean covers(PolicyPeer other);

    /// Steps that it takes to see what it covers, at most.
    int size();

    /// A number for each kind of peer.
    int kind();

    @Override
    default int compareTo(PolicyPeer other) {
        return kind() == other.kind()
                ? text().compareTo(other.text())
                : Integer.compare(kind(), other.kind());
    }

    /// Whatever has these labels; nothing required, everyone.
    ///
    /// @param requirements for each label, with its source: `k8s:app`
    record Labelled(String text, SortedMap<String, ValueSet> requirements) implements PolicyPeer {

        public static final Labelled EVERYONE = of(Map.of());

        public Labelled {
            requirements = Collections.unmodifiableSortedMap(requirements);
        }

        public static Labelled of(Map<String, ValueSet> requirements) {
            var sorted = new TreeMap<>(requirements);
            var text = new StringJoiner(", ", "{", "}");
            sorted.forEach((label, values) -> text.add(Word.of(label) + " " + values));
            return new Labelled(Abridged.of(text.toString()), sorted);
        }

        @Override
        public int kind() {
            return 0;
        }

        @Override
        public boolean covers(PolicyPeer other) {
            if (requirements.isEmpty()) {
                return true;
            }
            return other instanceof Labelled(_, var theirs)
                    && requirements.entrySet().stream().allMatch(ours -> covers(ours, theirs));
        }

        private static boolean covers(
                Map.Entry<String, ValueSet> ours, Map<String, ValueSet> theirs) {
            return theirs.containsKey(ours.getKey())
                    && ours.getValue().covers(theirs.get(ours.getKey()));
        }

        @Override
        public int size() {
            return 1
                    + requirements.values().stream().mapToInt(set -> 1 + set.values().size()).sum();
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
    ///
    /// @param excepts sorted, none inside another
    record Addresses(String text, AddressBlock block, List<AddressBlock> excepts)
            implements PolicyPeer {

        public Addresses {
            excepts = List.copyOf(excepts);
        }

        public static Addresses of(AddressBlock block, List<AddressBlock> excepts) {
            var without = excepts.isEmpty() ? "" : " except " + excepts;
            return new Addresses(Abridged.of(block + without), block, excepts);
        }

        @Override
        public int kind() {
            return 1;
        }

        @Override
        public boolean covers(PolicyPeer other) {
            return other instanceof Addresses(_, var theirBlock, var theirExcepts)
                    && block.contains(theirBlock)
                    && excepts.stream()
                            .filter(except -> except.overlaps(theirBlock))
                            .allMatch(except -> except.isInside(theirExcepts));
        }

        @Override
        public int size() {
            return 1 + excepts.size();
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
    record Named(String text) implements PolicyPeer {

        public Named {
            text = Abridged.of(text);
        }

        @Override
        public int kind() {
            return 2;
        }

        @Override
        public boolean covers(PolicyPeer other) {
            return equals(other);
        }

        @Override
        public int size() {
            return 1;
        }
    }
}
