package mesh.lockstep.policy;

import java.util.Optional;

/// One thing that a policy says, as a text: equal texts, the same said.
///
/// @param reach what it lets or keeps in or out; empty for what is no traffic, as default deny, and
///   for what is compared as written
public record Statement(String text, Optional<Reach> reach) implements Comparable<Statement> {

    public static Statement of(String text) {
        return new Statement(text, Optional.empty());
    }

    static Statement of(Reach reach) {
        return new Statement(reach.text(), Optional.of(reach));
    }

    /// The traffic that a statement speaks of.
    ///
    /// @param subject whom the policy applies to
    /// @param verdict direction and verdict: `ingress allow`
    /// @param conditions what else must hold, as an HTTP path or authentication; empty for nothing
    public record Reach(String subject, String verdict, Peer peer, Ports ports, String conditions) {

        /// The statement that says this.
        public Statement statement() {
            return Statement.of(this);
        }

        private String text() {
            var text = subject + " | " + verdict + " | " + peer.text() + " | " + ports.text();
            return conditions.isEmpty() ? text : text + " | " + conditions;
        }
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
