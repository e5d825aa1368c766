/// How Cilium reads a spec: a class for each part.
@NullMarked
package mesh.lockstep.policy.reading;

import org.jspecify.annotations.NullMarked;
