/// How Cilium reads a spec: a class for each part, whose header names the files of Cilium's source
/// that say so. All of them are those of the version in [Cilium#VERSION]; docs/equality.md says
/// what to read again when there is another.
@NullMarked
package mesh.lockstep.policy.reading;

import org.jspecify.annotations.NullMarked;
