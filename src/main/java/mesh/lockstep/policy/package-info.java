/// What a policy is, what it means, and where two part.
@NullMarked
package mesh.lockstep.policy;

import org.jspecify.annotations.NullMarked;
