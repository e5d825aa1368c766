/// What happens with a repository that GitOps controllers bring into three clusters.
@NullMarked
package mesh.lockstep.gitops;

import org.jspecify.annotations.NullMarked;
