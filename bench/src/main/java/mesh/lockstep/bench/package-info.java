/// What reading policies costs.
@NullMarked
package mesh.lockstep.bench;

import org.jspecify.annotations.NullMarked;
