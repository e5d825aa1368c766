package mesh.lockstep.rollout;

import java.util.Set;

/// A change and who wants it.
///
/// @param user as the API server knows the requester
/// @param groups of that user
public record Petition(Change change, String user, Set<String> groups) {

    public Petition {
        groups = Set.copyOf(groups);
    }
}
