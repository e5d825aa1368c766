package mesh.lockstep.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.policy.Ports.Range;
import mesh.lockstep.policy.Statement.Reach;
import mesh.lockstep.policy.Statement.Said;
import mesh.lockstep.policy.Statement.Traffic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What differs in anything is not equal, is sorted apart, reads differently and has a different
/// digest, whatever words it is made of.
class StatementTest {

    private static final String LONG = "x".repeat(Abridged.MAX);

    /// Words of the grammar of statements, and others that are hard to tell apart.
    private static final List<String> WORDS =
            List.of(
                    "",
                    "a",
                    "A",
                    "b",
                    "a, b",
                    "a,b",
                    "any",
                    "all",
                    "0",
                    "80",
                    "80-81",
                    "80,82",
                    "\"",
                    "\"\"",
                    "\"a\"",
                    "\\",
                    "\\\"",
                    "[]",
                    "[a]",
                    "]",
                    "{}",
                    "{a in [b]}",
                    "=",
                    "in [a]",
                    "not in []",
                    "absent or in []",
                    " | ",
                    " + ",
                    " if ",
                    "; ",
                    ", ",
                    " to 80",
                    " except ",
                    "TCP/any",
                    "10.0.0.0/8",
                    "everyone, in order",
                    "…",
                    "\ud83d",
                    "\ude00",
                    "?",
                    "\ufffd",
                    "\u0000",
                    LONG,
                    LONG + "y",
                    LONG + "z",
                    Abridged.of(LONG + "y"),
                    Abridged.of(Abridged.of(LONG + "y")));

    @Test
    void wordsAreToldApart() {
        assertApart(WORDS, Word::of);
        assertApart(WORDS, Word::quoted);
        assertApart(WORDS, Abridged::of);
        assertThat(WORDS).allSatisfy(it -> assertThat(Abridged.of(it)).hasSizeLessThan(1200));
    }

    @Test
    void aTextIsAbridgedAlikeHoweverItComes() {
        var text = "0123456789".repeat(Abridged.MAX);
        for (var size : new int[] {1, 7, Abridged.MAX, Abridged.MAX + 1, text.length()}) {
            var inPieces = new Abridged();
            for (int i = 0; i < text.length(); i += size) {
                inPieces.append(text.substring(i, Math.min(i + size, text.length())));
            }

            assertThat(inPieces.toString()).isEqualTo(Abridged.of(text));
        }
        assertThat(Abridged.of(text))
                .startsWith("0123456789")
                .contains("… (10000 characters, SHA-256 ");
    }

    @Test
    void distinguishesSortedListsOfWords() {
        assertApart(sets(WORDS).toList(), ValueSet::text);
    }

    @Test
    void requirementsAreToldApart() {
        assertApart(valueSets().toList(), ValueSet::toString);
    }

    @Tag("slow")
    @Test
    void peersAreToldApart() {
        var peers = new ArrayList<PolicyPeer>();
        WORDS.forEach(it -> peers.add(new PolicyPeer.Named(it)));
        valueSets().forEach(it -> peers.add(PolicyPeer.Labelled.of(Map.of("a", it))));
        for (var key : WORDS) {
            WORDS.stream()
                    .map(it -> Map.of(key, ValueSet.oneOf(List.of(it)), "k8s:c", ValueSet.PRESENT))
                    .forEach(it -> peers.add(PolicyPeer.Labelled.of(it)));
        }
        var block = new AddressBlock(false, 0, 0, 0);
        var excepts =
                IntStream.range(0, 4)
                        .mapToObj(it -> new AddressBlock(false, (long) it << 62, 0, 2))
                        .toList();
        sets(excepts).forEach(it -> peers.add(PolicyPeer.Addresses.of(block, List.copyOf(it))));
        peers.add(PolicyPeer.Addresses.of(new AddressBlock(true, 0, 0, 0), List.of()));

        // Those of different kinds may read alike: the name that an address has.
        assertApart(peers, it -> List.of(it.kind(), it.text()));
        assertOrdered(peers);
        assertDigestedApart(peers, it -> reach("s", List.of(it), traffic(new Ports.All())));
    }

    @Test
    void portsAreToldApart() {
        var ports = ports();

        assertApart(ports, Ports::text);
        assertOrdered(ports);
        assertDigestedApart(ports, it -> reach("s", List.of(), traffic(it)));
        assertThat(new Ports.Named("TCP", "any", 0))
                .isNotEqualTo(new Ports.Numbered("TCP", List.of(Range.WHOLE)));
    }

    private static List<Ports> ports() {
        var ports = new ArrayList<Ports>(List.of(new Ports.All()));
        for (var protocol : List.of("TCP", "UDP", "T")) {
            for (var word : WORDS) {
                ports.add(new Ports.Named(protocol, word, 0));
                ports.add(new Ports.Named(protocol, word, 80));
            }
            ports.add(new Ports.Numbered(protocol, List.of()));
            sets(List.of(new Range(1, 1), new Range(3, 9), new Range(80, 80), new Range(82, 65535)))
                    .filter(it -> !it.isEmpty())
                    .forEach(it -> ports.add(new Ports.Numbered(protocol, List.copyOf(it))));
            ports.add(new Ports.Numbered(protocol, List.of(Range.WHOLE)));
        }
        return ports;
    }

    @Test
    void statementsAreToldApart() {
        var statements = new ArrayList<Statement>();
        for (var one : WORDS) {
            statements.add(new Said(List.of(one)));
            statements.add(reach(one, List.of(), List.of()));
            statements.add(reach("s", List.of(new PolicyPeer.Named(one)), List.of()));
            for (var other : WORDS) {
                statements.add(new Said(List.of(one, other)));
                var conditions = List.of(one, other);
                statements.add(
                        reach("", List.of(), List.of(new Traffic(new Ports.All(), conditions))));
            }
        }

        assertOrdered(statements.subList(0, 300));
        assertDigestedApart(statements, it -> it);
    }

    @Test
    void distinguishesSetsOfStatements() {
        var said = Stream.of("", "a", "b", "ab").map(it -> new Said(List.of(it))).toList();
        var sets = IntStream.range(0, 1 << said.size()).mapToObj(of -> subset(said, of)).toList();

        assertApart(sets, it -> Meaning.of(it).digest());
        assertApart(sets, Meaning::of);
    }

    private static <T> List<T> subset(List<T> of, int which) {
        return IntStream.range(0, of.size())
                .filter(it -> (which >> it & 1) == 1)
                .mapToObj(of::get)
                .toList();
    }

    private static Reach reach(String subject, List<PolicyPeer> peers, List<Traffic> traffic) {
        return new Reach(subject, "ingress allow", peers, traffic);
    }

    private static List<Traffic> traffic(Ports ports) {
        return List.of(new Traffic(ports, List.of()));
    }

    /// All sets of at most two.
    private static <T extends Comparable<T>> Stream<Set<T>> sets(List<T> of) {
        var pairs =
                of.stream()
                        .flatMap(it -> of.stream().<Set<T>>map(o -> new TreeSet<>(List.of(it, o))));
        return Stream.concat(Stream.of(Set.of()), pairs.distinct());
    }

    private static Stream<ValueSet> valueSets() {
        return sets(WORDS)
                .flatMap(
                        values ->
                                IntStream.range(0, 4)
                                        .mapToObj(
                                                it ->
                                                        new ValueSet(
                                                                (it & 1) == 1,
                                                                (it & 2) == 2,
                                                                List.copyOf(values))));
    }

    /// @param values no two of them meant to be the same
    private static <T> void assertApart(List<T> values, Function<T, Object> of) {
        var seen = new HashMap<Object, T>();
        for (var value : values) {
            var before = seen.put(of.apply(value), value);
            assertThat(before).as("like %s", value).isNull();
        }
    }

    private static <T> void assertDigestedApart(List<T> values, Function<T, Statement> statement) {
        assertApart(values, it -> Meaning.of(List.of(statement.apply(it))).digest());
    }

    /// Sorted apart, and equal to nothing but themselves.
    private static <T extends Comparable<? super T>> void assertOrdered(List<T> values) {
        for (int i = 0; i < values.size(); i += 1 + values.size() / 500) {
            for (int j = 0; j < values.size(); j++) {
                var one = values.get(i);
                var other = values.get(j);
                if ((one.compareTo(other) == 0) != (i == j) || one.equals(other) != (i == j)) {
                    assertThat(one).isNotEqualByComparingTo(other);
                }
                assertThat(Integer.signum(one.compareTo(other)))
                        .isEqualTo(-Integer.signum(other.compareTo(one)));
            }
        }
        assertThat(new TreeSet<>(values)).hasSameSizeAs(values);
    }
}
