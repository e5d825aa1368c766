package mesh.lockstep.peers;

import java.util.Optional;
import java.util.function.Supplier;

/// What all peers have in common.
///
/// @param ownUid of this cluster's namespace `kube-system`, once it is known
record Surroundings(Pace pace, Turns turns, Pool pool, Supplier<Optional<String>> ownUid) {

    static Surroundings of(Pace pace, Supplier<Optional<String>> ownUid) {
        return new Surroundings(pace, new Turns(), new Pool(), ownUid);
    }
}
