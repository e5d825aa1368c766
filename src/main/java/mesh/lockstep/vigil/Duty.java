package mesh.lockstep.vigil;

import java.time.Duration;

/// What a long-lived thread is there for. There are series of metrics for each, so these are few,
/// and the threads of all peers have two between them.
public enum Duty {

    /// Looks into the folder of peers.
    FOLDER("folder", Duration.ofMinutes(10), true),

    /// Reads one kind of policy of one member, or its namespaces, and follows what happens to them.
    WATCH("watch", Duration.ofMinutes(10), false),

    /// Asks a member small questions: who it is, what its settings are.
    PROBE("probe", Duration.ofMinutes(10), false),

    /// Follows the namespaces of this cluster.
    NAMESPACES("namespaces", Duration.ofMinutes(10), false),

    /// Keeps what was seen of rollouts beyond the end of this process.
    HISTORY("history", Duration.ofMinutes(10), true),

    /// Judges the policies that there are.
    DRIFT("drift", Duration.ofMinutes(10), true),

    /// Writes reports and events about them.
    REPORTS("reports", Duration.ofMinutes(15), true),

    /// Reads the serving certificate again. A process that serves the previous one is worth more
    /// than one that finds none when it starts.
    CERTIFICATE("certificate", Duration.ofMinutes(10), false),

    /// Has a change judged that nobody made. It turns when the verdict came in time.
    REHEARSAL("rehearsal", Duration.ofMinutes(5), true);

    private final String word;
    private final Duration patience;
    private final boolean vital;

    Duty(String word, Duration patience, boolean vital) {
        this.word = word;
        this.patience = patience;
        this.vital = vital;
    }

    /// In metrics and in health.
    public String word() {
        return word;
    }

    /// For how long it may be silent before it counts as stuck.
    public Duration patience() {
        return patience;
    }

    /// Whether a process in which it is stuck is better started again.
    public boolean isVital() {
        return vital;
    }
}
