package mesh.lockstep.policy.reading;

/// What counts of rules in one filter besides what each says.
enum Sequence {
    NONE,

    /// Their order, where one follows another.
    ORDERED,

    /// Their order, and how often each is there.
    COUNTED;

    Sequence or(Sequence other) {
        return compareTo(other) < 0 ? other : this;
    }
}
