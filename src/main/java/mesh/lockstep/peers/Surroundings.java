package mesh.lockstep.peers;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mesh.lockstep.apiserver.Intake;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Movements;
import mesh.lockstep.vigil.Vigil;

/// What all peers have in common.
///
/// @param intake the room in which what they send is read
/// @param most bytes that may be kept of one peer's policies of one kind
/// @param allowance for what is kept of all members
/// @param ownUid of this cluster's namespace `kube-system`, once it is known
/// @param own whether it is this cluster itself
/// @param changed told of each key under which a member holds something else than before
/// @param changedIn told of the namespaces that are another affair to a member than before
/// @param movements told of each move of a member
/// @param vigil keeps the threads going
record Surroundings(
        Pace pace,
        Turns turns,
        Pool pool,
        Intake intake,
        long most,
        MemoryAllowance allowance,
        Supplier<Optional<String>> ownUid,
        boolean own,
        Consumer<PolicyKey> changed,
        Consumer<Set<String>> changedIn,
        Movements movements,
        Vigil vigil) {

    /// A fraction of the heap: some 35,000 policies where that has 256 MiB.
    private static final int PART = 12;

    /// A fraction of the heap, for all members together.
    private static final int PART_OF_ALL = 4;

    static Surroundings of(
            Pace pace,
            Supplier<Optional<String>> ownUid,
            Consumer<PolicyKey> changed,
            Consumer<Set<String>> changedIn,
            Movements movements,
            Vigil vigil) {
        return new Surroundings(
                pace,
                new Turns(),
                new Pool(),
                Intake.ofHeap(),
                Runtime.getRuntime().maxMemory() / PART,
                new MemoryAllowance(Runtime.getRuntime().maxMemory() / PART_OF_ALL),
                ownUid,
                false,
                changed,
                changedIn,
                movements,
                vigil);
    }

    /// The same for this cluster itself, which is not a stranger here.
    Surroundings ofOwn() {
        return new Surroundings(
                pace,
                turns,
                pool,
                intake,
                most,
                allowance,
                Optional::empty,
                true,
                changed,
                changedIn,
                movements,
                vigil);
    }
}
