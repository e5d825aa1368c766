package mesh.lockstep.policy;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One thing that a policy says. What is equal is decided by its parts, never by its text.
public sealed interface Statement extends Comparable<Statement> {

    /// The statement for people.
    ///
    /// @return at most [#MAX_TEXT] characters and a few that say how many there would be
    String text();

    /// A statement of a hundred addresses is shown in full.
    int MAX_TEXT = 10_000;

    /// What it lets or keeps in or out; empty for what is not traffic, such as default deny, and
    /// for what is compared as written.
    default Optional<Reach> reach() {
        return Optional.empty();
    }

    /// The statement, one peer and one kind of traffic at a time.
    default Stream<Statement> singly() {
        return Stream.of(this);
    }

    @Override
    default int compareTo(Statement other) {
        return switch (this) {
            case Said(var words) ->
                    other instanceof Said(var theirs) ? Said.ORDER.compare(words, theirs) : -1;
            case Reach reach ->
                    other instanceof Reach theirs ? Reach.ORDER.compare(reach, theirs) : 1;
        };
    }

    /// What is said in words alone.
    ///
    /// @param words each [Abridged]
    record Said(List<String> words) implements Statement {

        private static final Comparator<List<String>> ORDER = Lexicographic.natural();

        public Said {
            words = List.copyOf(words);
        }

        @Override
        public String text() {
            return new Abridged(MAX_TEXT).append(String.join(" | ", words)).toString();
        }
    }

    /// The traffic that a statement speaks of: each of the peers may do, or must not do, each of
    /// these things. Peers with the same rights are in one statement.
    ///
    /// @param subject whom the policy applies to, [Abridged]
    /// @param verdict direction and verdict: `ingress allow`
    /// @param peers sorted
    /// @param traffic sorted
    record Reach(String subject, String verdict, List<PolicyPeer> peers, List<Traffic> traffic)
            implements Statement {

        private static final Comparator<Reach> ORDER =
                Comparator.comparing(Reach::subject)
                        .thenComparing(Reach::verdict)
                        .thenComparing(Reach::peers, Lexicographic.natural())
                        .thenComparing(Reach::traffic, Lexicographic.natural());

        public Reach {
            peers = List.copyOf(peers);
            traffic = List.copyOf(traffic);
        }

        @Override
        public String text() {
            var text = new Abridged(MAX_TEXT).append(subject).append(" | ").append(verdict);
            add(text, " | ", peers.stream().map(PolicyPeer::text));
            add(text, " | ", traffic.stream().map(Traffic::text));
            return text.toString();
        }

        private static void add(Abridged text, String before, Stream<String> parts) {
            var separator = before;
            for (var part : (Iterable<String>) parts::iterator) {
                text.append(separator).append(part);
                separator = " + ";
            }
        }

        @Override
        public Optional<Reach> reach() {
            return Optional.of(this);
        }

        @Override
        public Stream<Statement> singly() {
            return peers.stream()
                    .flatMap(peer -> traffic.stream().map(traffic -> single(peer, traffic)));
        }

        private Statement single(PolicyPeer peer, Traffic kind) {
            return new Reach(subject, verdict, List.of(peer), List.of(kind));
        }
    }

    /// What a peer may do.
    ///
    /// @param conditions what else must hold, as an HTTP path or authentication, each [Abridged];
    ///   empty for nothing
    record Traffic(Ports ports, List<String> conditions) implements Comparable<Traffic> {

        private static final Comparator<List<String>> ORDER = Lexicographic.natural();

        public Traffic {
            conditions = List.copyOf(conditions);
        }

        public String text() {
            return conditions.isEmpty()
                    ? ports.text()
                    : ports.text() + " if " + String.join("; ", conditions);
        }

        @Override
        public int compareTo(Traffic other) {
            var order = ports.compareTo(other.ports);
            return order != 0 ? order : ORDER.compare(conditions, other.conditions);
        }
    }
}
