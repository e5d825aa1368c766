/// Pairs of random policies, and Cilium's own word on whether the two are the same.
@NullMarked
package mesh.lockstep.oracle;

import org.jspecify.annotations.NullMarked;
