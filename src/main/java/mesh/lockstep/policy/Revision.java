package mesh.lockstep.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/// How often a policy was changed on purpose: the annotation `lockstep.mesh/revision`.
///
/// A revision that nobody could raise any more would be for ever: no member could change the policy
/// again. So there is always one above: at most the present date and time is allowed, written as
/// `20260131235959`, which moves on every second. Counters have room below it, as have dates and
/// times in seconds or milliseconds.
///
/// @param number 0 or more; 0 for a policy that carries none
public record Revision(long number) implements Comparable<Revision> {

    public static final Revision NONE = new Revision(0);

    /// What may be written, for messages.
    public static final String ALLOWED =
            "a whole number from 0 to the current date and time (YYYYMMDDhhmmss)";

    /// Members' clocks and time zones differ.
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private static final int MAX_DIGITS = 18;

    public Revision {
        if (number < 0) {
            throw new IllegalArgumentException("a revision is not below 0");
        }
    }

    /// Reads an annotation's value; empty if it is not a revision, or above what is allowed at that
    /// time.
    public static Optional<Revision> parse(String text, Instant now) {
        var written = text.strip();
        if (written.isEmpty() || !written.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return Optional.empty();
        }
        int zeros = 0;
        while (zeros < written.length() && written.charAt(zeros) == '0') {
            zeros++;
        }
        if (written.length() - zeros > MAX_DIGITS) {
            return Optional.empty();
        }
        var revision = new Revision(Long.parseLong("0" + written.substring(zeros)));
        return Optional.of(revision).filter(each -> !each.isAbove(highest(now)));
    }

    /// The highest that is allowed at that time.
    static Revision highest(Instant now) {
        var latest = now.plus(CLOCKS_DIFFER).atOffset(ZoneOffset.UTC);
        long date =
                latest.getYear() * 10_000L + latest.getMonthValue() * 100L + latest.getDayOfMonth();
        int time = latest.getHour() * 10_000 + latest.getMinute() * 100 + latest.getSecond();
        return new Revision(date * 1_000_000 + time);
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
