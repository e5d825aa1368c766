package mesh.lockstep.support;

import java.time.Duration;

/// How long tests wait.
public final class Waiting {

    /// For what comes within a moment, unless the machine is busy: it says that something comes,
    /// and not how soon.
    public static final Duration SOON = Duration.ofSeconds(30);

    /// The same for what other programs have to do first, or many.
    public static final Duration LATER = Duration.ofMinutes(1);

    private Waiting() {}
}
