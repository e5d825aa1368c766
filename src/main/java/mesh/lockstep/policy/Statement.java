package mesh.lockstep.policy;

/// One thing that a policy says, as a text: equal texts, the same said.
public record Statement(String text) implements Comparable<Statement> {

    @Override
    public int compareTo(Statement other) {
        return text.compareTo(other.text);
    }
}
