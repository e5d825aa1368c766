/// How an API server is asked, a peer's and our own, and what it answers.
@NullMarked
package mesh.lockstep.apiserver;

import org.jspecify.annotations.NullMarked;
