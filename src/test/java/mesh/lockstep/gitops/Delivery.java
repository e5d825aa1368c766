package mesh.lockstep.gitops;

import java.util.Map;
import mesh.lockstep.support.ClusterApi;

/// Controllers that bring one folder of a repository into three clusters, each by its own clock.
interface Delivery extends AutoCloseable {

    /// Commits.
    ///
    /// @param files all of the folder, by their names
    void push(Map<String, String> files);

    /// The cluster's controller sleeps from now on.
    void suspend(ClusterApi cluster);

    void resume(ClusterApi cluster);

    /// What the cluster's controller says of itself, in a line.
    String status(ClusterApi cluster);

    @Override
    void close();
}
