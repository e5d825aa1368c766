package mesh.lockstep.rollout;

import mesh.lockstep.policy.PolicyKey;

/// What was seen of each policy: the interface from judging to what is remembered of moves.
public interface Histories {

    /// Where nothing is remembered: each policy is judged by what the members hold now.
    Histories NONE =
            new Histories() {
                @Override
                public History recall(PolicyKey key) {
                    return History.NONE;
                }

                @Override
                public boolean isOpen() {
                    return true;
                }

                @Override
                public void admitted(Change change) {}
            };

    /// What is known of a policy. From memory; never waits.
    History recall(PolicyKey key);

    /// Whether what was seen before this process began is taken into account. From then on it is.
    boolean isOpen();

    /// A change of this cluster was admitted, and will be stored if nobody else objects.
    void admitted(Change change);
}
