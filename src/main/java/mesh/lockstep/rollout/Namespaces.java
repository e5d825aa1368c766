package mesh.lockstep.rollout;

import java.util.Optional;

/// This cluster's namespaces, as far as they bear on judging.
public interface Namespaces {

    /// The label by which a namespace sets its level.
    String ENFORCE = "lockstep.mesh/enforce";

    /// What is known of a namespace; of one that is not known, what is true of most.
    Namespace find(String name);

    /// What is known of a namespace without asking, which may take a while; empty of one that is
    /// not known.
    default Optional<Namespace> recall(String name) {
        return Optional.of(find(name));
    }

    /// A namespace.
    ///
    /// @param shared whether Cilium shares it with the mesh (`clustermesh.cilium.io/global`)
    /// @param terminating whether it is being deleted
    /// @param enforce the value of the label, as it is written
    record Namespace(boolean shared, boolean terminating, Optional<String> enforce) {

        /// Shared, and without a level of its own.
        public static final Namespace ORDINARY = new Namespace(true, false, Optional.empty());
    }
}
