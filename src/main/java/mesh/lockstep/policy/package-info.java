/// What a policy is, what it means, and where two differ.
@NullMarked
package mesh.lockstep.policy;

import org.jspecify.annotations.NullMarked;
