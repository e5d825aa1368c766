package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import mesh.lockstep.policy.Lexicographic;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Ports.Numbered;
import mesh.lockstep.policy.Statement.Traffic;

/// What some rules let through, the numbers of ports put together: that of each protocol under the
/// same conditions, and what has no numbers.
final class JoinedTraffic {

    /// Nothing at all.
    static final JoinedTraffic NONE = new JoinedTraffic(new TreeMap<>(), new TreeSet<>());

    private final SortedMap<Kind, Numbered> numbered;
    private final SortedSet<Traffic> others;

    private JoinedTraffic(SortedMap<Kind, Numbered> numbered, SortedSet<Traffic> others) {
        this.numbered = numbered;
        this.others = others;
    }

    private record Kind(String protocol, List<String> conditions) implements Comparable<Kind> {

        private static final Comparator<Kind> ORDER =
                Comparator.comparing(Kind::protocol)
                        .thenComparing(Kind::conditions, Lexicographic.natural());

        @Override
        public int compareTo(Kind other) {
            return ORDER.compare(this, other);
        }
    }

    static JoinedTraffic of(List<Traffic> traffic) {
        var ranges = new TreeMap<Kind, List<Ports.Range>>();
        var others = new TreeSet<Traffic>();
        for (var each : traffic) {
            if (each.ports() instanceof Numbered(var protocol, var numbers)) {
                ranges.computeIfAbsent(
                                new Kind(protocol, each.conditions()), _ -> new ArrayList<>())
                        .addAll(numbers);
            } else {
                others.add(each);
            }
        }
        var numbered = new TreeMap<Kind, Numbered>();
        ranges.forEach((kind, of) -> numbered.put(kind, new Numbered(kind.protocol(), of)));
        return new JoinedTraffic(numbered, others);
    }

    /// What of this is not in the other.
    JoinedTraffic without(JoinedTraffic other) {
        var rest = new TreeMap<Kind, Numbered>();
        numbered.forEach(
                (kind, ports) -> {
                    var theirs = other.numbered.get(kind);
                    var left = theirs == null ? ports : ports.without(theirs);
                    if (!left.ranges().isEmpty()) {
                        rest.put(kind, left);
                    }
                });
        var restOfOthers = new TreeSet<>(others);
        restOfOthers.removeAll(other.others);
        return new JoinedTraffic(rest, restOfOthers);
    }

    /// Sorted.
    List<Traffic> list() {
        var list = new TreeSet<>(others);
        numbered.forEach((kind, ports) -> list.add(new Traffic(ports, kind.conditions())));
        return List.copyOf(list);
    }

    /// How many kinds of traffic and ranges of ports.
    long size() {
        return others.size() + numbered.values().stream().mapToLong(Numbered::size).sum();
    }
}
