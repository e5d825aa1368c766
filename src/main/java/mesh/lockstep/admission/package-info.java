/// How the API server asks and is answered.
@NullMarked
package mesh.lockstep.admission;

import org.jspecify.annotations.NullMarked;
