/// What already differs, reported. Never writes to a policy.
@NullMarked
package mesh.lockstep.drift;

import org.jspecify.annotations.NullMarked;
