/// A peer's kubeconfig: bytes in, credentials or a refusal out. Pure.
@NullMarked
package mesh.lockstep.kubeconfig;

import org.jspecify.annotations.NullMarked;
