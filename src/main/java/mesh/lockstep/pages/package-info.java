/// What people and programs look at: the mesh, its policies and its peers.
@NullMarked
package mesh.lockstep.pages;

import org.jspecify.annotations.NullMarked;
