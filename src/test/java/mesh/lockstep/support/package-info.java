/// What tests of several rooms share.
@NullMarked
package mesh.lockstep.support;

import org.jspecify.annotations.NullMarked;
