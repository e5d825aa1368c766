package mesh.lockstep.admission;

import java.util.Optional;
import mesh.lockstep.rollout.Change;

/// What the API server asks.
///
/// @param uid to be repeated in the answer
/// @param operation `CREATE`, `UPDATE`, `DELETE` or `CONNECT`
/// @param user who requests the change
/// @param dryRun whether nothing will be stored
/// @param change empty where the request is none of our business
public record AdmissionRequest(
        String uid, String operation, String user, boolean dryRun, Optional<Change> change) {}
