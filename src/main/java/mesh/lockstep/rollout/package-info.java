/// Given a change and what the peers hold: what do we answer?
@NullMarked
package mesh.lockstep.rollout;

import org.jspecify.annotations.NullMarked;
