package mesh.lockstep.rollout;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/// A change and who wants it.
///
/// @param user as the API server knows the requester
/// @param groups of that user
public record RequestedChange(Change change, String user, Set<String> groups) {

    public RequestedChange {
        // Not Set.copyOf, which looks at all elements of one hash code.
        groups = Collections.unmodifiableSet(new HashSet<>(groups));
    }
}
