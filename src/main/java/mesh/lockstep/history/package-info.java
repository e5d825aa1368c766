/// What was seen of rollouts: which version of a policy came from which.
@NullMarked
package mesh.lockstep.history;

import org.jspecify.annotations.NullMarked;
