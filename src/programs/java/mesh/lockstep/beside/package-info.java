/// What a review costs here and with what others use in its place, measured in turns.
@NullMarked
package mesh.lockstep.beside;

import org.jspecify.annotations.NullMarked;
