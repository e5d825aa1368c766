/// Where two policies differ, in the words of their manifests. Pure.
@NullMarked
package mesh.lockstep.difference;

import org.jspecify.annotations.NullMarked;
