/// What runs as long as the process is kept running, and is known to.
@NullMarked
package mesh.lockstep.vigil;

import org.jspecify.annotations.NullMarked;
