/// `kubectl lockstep`: what differs between the clusters of a mesh, with nothing installed.
@NullMarked
package mesh.lockstep.cli;

import org.jspecify.annotations.NullMarked;
