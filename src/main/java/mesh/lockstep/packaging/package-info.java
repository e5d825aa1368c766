/// A step of Quarkus' build, which runs when the application is packaged and is not part of it.
@NullMarked
package mesh.lockstep.packaging;

import org.jspecify.annotations.NullMarked;
