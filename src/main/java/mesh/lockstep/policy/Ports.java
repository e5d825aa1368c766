package mesh.lockstep.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Where a statement lets connections go: everything, a protocol's numbers, or a named port.
public sealed interface Ports {

    /// The ports in their one spelling.
    String text();

    /// Whether it is proven that all of `other` is in these ports.
    boolean covers(Ports other);

    /// Every protocol, those without ports included.
    record All() implements Ports {
        @Override
        public String text() {
            return "all";
        }

        @Override
        public boolean covers(Ports other) {
            return true;
        }
    }

    /// A port that each pod names for itself.
    ///
    /// @param last the end of a range that begins with what the name stands for; 0 for no range
    record Named(String protocol, String name, int last) implements Ports {
        @Override
        public String text() {
            // No name holds a blank: `http-80` is one.
            return protocol + "/" + name + (last == 0 ? "" : " to " + last);
        }

        @Override
        public boolean covers(Ports other) {
            return equals(other);
        }
    }

    /// Ports of TCP, UDP or SCTP, or types of ICMP.
    ///
    /// @param ranges sorted, with a gap between any two
    record Numbered(String protocol, List<Range> ranges) implements Ports {
        public Numbered {
            ranges = merged(ranges);
        }

        @Override
        public String text() {
            return protocol
                    + "/"
                    + ranges.stream().map(Range::toString).collect(Collectors.joining(","));
        }

        @Override
        public boolean covers(Ports other) {
            return other instanceof Numbered(var theirProtocol, var theirs)
                    && protocol.equals(theirProtocol)
                    && theirs.stream().allMatch(it -> ranges.stream().anyMatch(r -> r.covers(it)));
        }

        private static List<Range> merged(Collection<Range> ranges) {
            var sorted = new ArrayList<>(ranges);
            sorted.sort(Comparator.comparingInt(Range::first));
            var merged = new ArrayList<Range>();
            for (var range : sorted) {
                if (!merged.isEmpty() && range.first <= merged.getLast().last + 1) {
                    var before = merged.removeLast();
                    merged.add(new Range(before.first, Math.max(before.last, range.last)));
                } else {
                    merged.add(range);
                }
            }
            return List.copyOf(merged);
        }
    }

    /// Consecutive numbers, both ends included.
    ///
    /// @param first 0 to 65535; 0 is on no wire, so that 1–65535 is 0–65535
    record Range(int first, int last) {

        private static final int LAST = 65535;

        /// All there are.
        public static final Range WHOLE = new Range(0, LAST);

        public Range {
            if (first < 0 || last < first || last > LAST) {
                throw new IllegalArgumentException("no range: " + first + "-" + last);
            }
            if (first == 1 && last == LAST) {
                first = 0;
            }
        }

        /// Whether some number is in both.
        public boolean meets(Range other) {
            return first <= other.last && other.first <= last;
        }

        boolean covers(Range other) {
            return first <= other.first && other.last <= last;
        }

        @Override
        public String toString() {
            if (equals(WHOLE)) {
                return "any";
            }
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }
}
