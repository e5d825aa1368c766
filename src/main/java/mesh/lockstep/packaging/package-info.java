/// Steps of Quarkus' build, which run when the application is packaged and are not part of it.
@NullMarked
package mesh.lockstep.packaging;

import org.jspecify.annotations.NullMarked;
