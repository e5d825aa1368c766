package mesh.lockstep.policy;

import java.util.Optional;
import java.util.regex.Pattern;

/// How often a policy was changed on purpose: the annotation `lockstep.mesh/revision`.
///
/// @param number 0 or more; 0 for a policy that carries none
public record Revision(long number) implements Comparable<Revision> {

    public static final Revision NONE = new Revision(0);

    /// What may be written, for messages.
    public static final String ALLOWED = "a whole number from 0 to 999999999999999999";

    private static final Pattern WRITTEN = Pattern.compile("0*(0|[1-9][0-9]{0,17})");

    public Revision {
        if (number < 0) {
            throw new IllegalArgumentException("a revision is " + ALLOWED);
        }
    }

    /// Reads an annotation's value; empty if it is no revision.
    public static Optional<Revision> parse(String text) {
        var matcher = WRITTEN.matcher(text.strip());
        return matcher.matches()
                ? Optional.of(new Revision(Long.parseLong(matcher.group(1))))
                : Optional.empty();
    }

    /// Whether this was written later than the other.
    public boolean isAbove(Revision other) {
        return number > other.number;
    }

    @Override
    public int compareTo(Revision other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
