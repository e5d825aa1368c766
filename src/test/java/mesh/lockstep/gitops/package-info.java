/// What comes of a repository that controllers of GitOps bring into three clusters.
@NullMarked
package mesh.lockstep.gitops;

import org.jspecify.annotations.NullMarked;
