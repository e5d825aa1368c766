/// How the other clusters' policies get here: credentials, watches, live reads.
@NullMarked
package mesh.lockstep.peers;

import org.jspecify.annotations.NullMarked;
