package mesh.lockstep.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One thing that a policy says, as a text: equal texts, the same said.
///
/// @param reach what it lets or keeps in or out; empty for what is no traffic, as default deny, and
///   for what is compared as written
public record Statement(String text, Optional<Reach> reach) implements Comparable<Statement> {

    private static final String AND = " + ";

    public static Statement of(String text) {
        return new Statement(text, Optional.empty());
    }

    public static Statement of(Reach reach) {
        return new Statement(reach.text(), Optional.of(reach));
    }

    /// The traffic that a statement speaks of: each of the peers may do, or must not do, each of
    /// these things. Peers with the same rights are in one statement.
    ///
    /// @param subject whom the policy applies to
    /// @param verdict direction and verdict: `ingress allow`
    /// @param peers sorted by their texts
    /// @param traffic sorted by their texts
    public record Reach(String subject, String verdict, List<Peer> peers, List<Traffic> traffic) {

        public Reach {
            peers = List.copyOf(peers);
            traffic = List.copyOf(traffic);
        }

        private String text() {
            return Stream.of(
                            subject,
                            verdict,
                            peers.stream().map(Peer::text).collect(Collectors.joining(AND)),
                            traffic.stream().map(Traffic::text).collect(Collectors.joining(AND)))
                    .collect(Collectors.joining(" | "));
        }

        /// The same, one peer and one thing at a time.
        Stream<Reach> singly() {
            return peers.stream()
                    .flatMap(
                            peer ->
                                    traffic.stream()
                                            .map(
                                                    it ->
                                                            new Reach(
                                                                    subject,
                                                                    verdict,
                                                                    List.of(peer),
                                                                    List.of(it))));
        }
    }

    /// What a peer may do.
    ///
    /// @param conditions what else must hold, as an HTTP path or authentication; empty for nothing
    public record Traffic(Ports ports, String conditions) {

        public String text() {
            return conditions.isEmpty() ? ports.text() : ports.text() + " if " + conditions;
        }
    }

    /// The statement, one peer and one kind of traffic at a time.
    Stream<Statement> singly() {
        return reach.map(it -> it.singly().map(Statement::of)).orElseGet(() -> Stream.of(this));
    }

    @Override
    public int compareTo(Statement other) {
        return text.compareTo(other.text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Statement(var theirs, _) && text.equals(theirs);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
