/// Joins the rooms: makes the pure objects and hands them to each other.
@NullMarked
package mesh.lockstep;

import org.jspecify.annotations.NullMarked;
