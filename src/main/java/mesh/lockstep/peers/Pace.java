package mesh.lockstep.peers;

import java.time.Duration;

/// How patient we are with peers, and how often we look.
///
/// @param staleAfter for how long what a peer said last is believed
/// @param firstPause before what failed once is tried again; twice as long each time
/// @param longestPause before what keeps failing is tried again
/// @param grace over the end of a watch, until it is given up as half open
/// @param apart how far from each other, on average, the members of a mesh list at a peer that all
///   of them lost at once
/// @param anew after how long all is listed again although nothing seems to be missing
record Pace(
        Duration staleAfter,
        Duration firstPause,
        Duration longestPause,
        Duration grace,
        Duration apart,
        Duration anew) {

    private static final Duration LONGEST_SETTINGS = Duration.ofMinutes(1);

    /// As for real clusters.
    static Pace ordinary(Duration staleAfter) {
        return new Pace(
                staleAfter,
                Duration.ofMillis(500),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofMillis(40),
                Duration.ofHours(1));
    }

    /// A watch lasts half as long as memory is believed, then is opened again from where it ended.
    Duration watch() {
        return staleAfter.dividedBy(2);
    }

    /// Between two probes: often enough that the connection for live reads is never idle for long.
    Duration probe() {
        return staleAfter.dividedBy(4);
    }

    /// Between two readings of a member's settings, which seldom change.
    Duration settings() {
        return staleAfter.compareTo(LONGEST_SETTINGS) < 0 ? staleAfter : LONGEST_SETTINGS;
    }

    Backoff backoff() {
        return new Backoff(firstPause, longestPause);
    }
}
