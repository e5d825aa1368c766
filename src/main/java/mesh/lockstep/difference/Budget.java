package mesh.lockstep.difference;

import mesh.lockstep.policy.Deadline;

/// What finding the words for a difference may still cost, in steps: the look at one node of a
/// tree, or at a few characters. Every few milliseconds it looks at the time, and lets other
/// requests have the processor: virtual threads are not interrupted in what they compute.
final class Budget {

    /// Characters that are looked at in one step.
    static final int CHARACTERS = 16;

    /// A policy of a few KB is compared before the first look: it is explained however late it is.
    private static final int BETWEEN_LOOKS = 5_000;

    private final Deadline deadline;
    private long left;
    private long untilLook = BETWEEN_LOOKS;

    Budget(long steps, Deadline deadline) {
        this.left = steps;
        this.deadline = deadline;
    }

    /// Whether there is anything left after it. Once there is not, nothing will be.
    @SuppressWarnings("ThreadPriorityCheck")
    boolean spend(long steps) {
        left -= steps;
        untilLook -= steps;
        if (untilLook < 0 && left > 0) {
            untilLook = BETWEEN_LOOKS;
            Thread.yield();
            if (deadline.isPast()) {
                left = 0;
            }
        }
        return left > 0;
    }

    boolean isUsedUp() {
        return left <= 0;
    }
}
