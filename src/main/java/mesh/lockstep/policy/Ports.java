package mesh.lockstep.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;

/// Where a statement lets connections go: everything, a protocol's numbers, or a named port. What
/// is equal is decided by the parts, never by the text.
public sealed interface Ports extends Comparable<Ports> {

    /// The ports for people, of at most a page; no two ports read alike.
    String text();

    /// Whether it is proven that all of `other` is in these ports.
    boolean covers(Ports other);

    /// Steps that it takes to see what they cover, at most.
    int size();

    /// A number for each kind of ports.
    int kind();

    @Override
    default int compareTo(Ports other) {
        if (this instanceof Numbered ours && other instanceof Numbered theirs) {
            return Numbered.ORDER.compare(ours, theirs);
        }
        if (this instanceof Named ours && other instanceof Named theirs) {
            return Named.ORDER.compare(ours, theirs);
        }
        return this instanceof Backward ours && other instanceof Backward theirs
                ? Backward.ORDER.compare(ours, theirs)
                : Integer.compare(kind(), other.kind());
    }

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

        @Override
        public int kind() {
            return 0;
        }

        @Override
        public int size() {
            return 1;
        }
    }

    /// A port that each pod names for itself.
    ///
    /// @param last the end of a range that begins at the named port; 0 for no range
    record Named(String protocol, String name, int last) implements Ports {

        private static final Comparator<Named> ORDER =
                Comparator.comparing(Named::protocol)
                        .thenComparing(Named::name)
                        .thenComparingInt(Named::last);

        public Named {
            checkProtocol(protocol);
        }

        @Override
        public String text() {
            return Abridged.of(protocol + "/" + shown() + (last == 0 ? "" : " to " + last));
        }

        /// In quotes where it might be taken for a number, or for any.
        private String shown() {
            var isPlain =
                    !name.isEmpty() && Word.isLetter(name.charAt(0)) && !name.equals(Range.ANY);
            return isPlain ? Word.of(name) : Word.quoted(name);
        }

        @Override
        public boolean covers(Ports other) {
            return equals(other);
        }

        @Override
        public int kind() {
            return 2;
        }

        @Override
        public int size() {
            return 1;
        }
    }

    /// A port that is said to end before it begins. The kernel reads over that, Envoy does not.
    ///
    /// @param port 0 for every one
    /// @param last less than the port, or anything with port 0; never 0
    record Backward(String protocol, int port, int last) implements Ports {

        private static final Comparator<Backward> ORDER =
                Comparator.comparing(Backward::protocol)
                        .thenComparingInt(Backward::port)
                        .thenComparingInt(Backward::last);

        public Backward {
            checkProtocol(protocol);
        }

        @Override
        public String text() {
            return protocol + "/" + (port == 0 ? Range.ANY : port) + " to " + last;
        }

        @Override
        public boolean covers(Ports other) {
            return equals(other);
        }

        @Override
        public int kind() {
            return 3;
        }

        @Override
        public int size() {
            return 1;
        }
    }

    /// Ports of TCP, UDP or SCTP, or types of ICMP.
    ///
    /// @param ranges sorted, with a gap between any two
    record Numbered(String protocol, List<Range> ranges) implements Ports {

        private static final Comparator<Numbered> ORDER =
                Comparator.comparing(Numbered::protocol)
                        .thenComparing(Numbered::ranges, Lexicographic.natural());

        public Numbered {
            checkProtocol(protocol);
            ranges = merged(ranges);
        }

        @Override
        public String text() {
            var text = new StringJoiner(",", protocol + "/", "");
            ranges.forEach(range -> text.add(range.toString()));
            return Abridged.of(text.toString());
        }

        @Override
        public boolean covers(Ports other) {
            return other instanceof Numbered(var theirProtocol, var theirs)
                    && protocol.equals(theirProtocol)
                    && theirs.stream().allMatch(this::covers);
        }

        @Override
        public int kind() {
            return 1;
        }

        @Override
        public int size() {
            return 1 + ranges.size();
        }

        /// These numbers but those of the other, of the same protocol. There may be none.
        public Numbered without(Numbered other) {
            var rest = new ArrayList<Range>();
            var theirs = other.ranges.iterator();
            var their = theirs.hasNext() ? theirs.next() : null;
            for (var range : ranges) {
                // 0 is on no wire.
                int first = Math.max(range.first, 1);
                while (their != null && their.first <= range.last) {
                    if (first < their.first) {
                        rest.add(new Range(first, their.first - 1));
                    }
                    first = Math.max(first, their.last + 1);
                    if (their.last > range.last) {
                        break;
                    }
                    their = theirs.hasNext() ? theirs.next() : null;
                }
                if (first <= range.last) {
                    rest.add(first == 1 ? range : new Range(first, range.last));
                }
            }
            return new Numbered(protocol, rest);
        }

        /// Only the last that does not begin after it may cover a range.
        private boolean covers(Range range) {
            var at = Collections.binarySearch(ranges, range, Comparator.comparingInt(Range::first));
            var before = at >= 0 ? at : -at - 2;
            return before >= 0 && ranges.get(before).covers(range);
        }

        private static List<Range> merged(Collection<Range> ranges) {
            var sorted = new ArrayList<>(ranges);
            Collections.sort(sorted);
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

    private static void checkProtocol(String protocol) {
        if (!Word.isMadeOf(protocol, "")) {
            throw new IllegalArgumentException("no protocol: " + protocol);
        }
    }

    /// Consecutive numbers, both ends included.
    ///
    /// @param first 0 to 65535; 0 is on no wire, so that 1–65535 is 0–65535
    record Range(int first, int last) implements Comparable<Range> {

        private static final int LAST = 65535;
        private static final String ANY = "any";

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
        public int compareTo(Range other) {
            return first == other.first
                    ? Integer.compare(last, other.last)
                    : Integer.compare(first, other.first);
        }

        @Override
        public String toString() {
            if (equals(WHOLE)) {
                return ANY;
            }
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }
}
