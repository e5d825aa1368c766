package mesh.lockstep.admission;

import java.util.Optional;
import mesh.lockstep.rollout.RequestedChange;

/// What the API server asks.
///
/// @param uid to be repeated in the answer
/// @param operation `CREATE`, `UPDATE`, `DELETE` or `CONNECT`
/// @param dryRun whether nothing will be stored
/// @param requested empty where the request does not concern us
public record AdmissionRequest(
        String uid, String operation, boolean dryRun, Optional<RequestedChange> requested) {}
