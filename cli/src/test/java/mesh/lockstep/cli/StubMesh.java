package mesh.lockstep.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;

/// Some clusters, and a kubeconfig with a context for each.
final class StubMesh implements AutoCloseable {

    /// As the program does: what the client logs is not for users.
    private static final Logger LOG = Logger.getLogger("");

    final List<StubCluster> clusters = new ArrayList<>();
    final Path kubeconfig;

    StubMesh(Path folder, int size) {
        LOG.setLevel(Level.OFF);
        kubeconfig = folder.resolve("kubeconfig");
        IntStream.rangeClosed(1, size).forEach(it -> clusters.add(new StubCluster("cluster" + it)));
        write();
    }

    StubCluster cluster(int number) {
        return clusters.get(number - 1);
    }

    /// Also after a cluster was replaced.
    void write() {
        var text = new StringBuilder("current-context: cluster1\ncontexts:\n");
        clusters.forEach(
                it ->
                        text.append(
                                "- {name: %1$s, context: {cluster: %1$s, user: me}}\n"
                                        .formatted(context(it))));
        text.append("clusters:\n");
        clusters.forEach(
                it ->
                        text.append(
                                "- {name: %s, cluster: {server: '%s', certificate-authority-data: %s}}\n"
                                        .formatted(
                                                context(it),
                                                it.address(),
                                                StubCluster.AUTHORITY.certificateData())));
        text.append("users: [{name: me, user: {token: mine}}]\n");
        try {
            Files.writeString(kubeconfig, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String context(StubCluster cluster) {
        return "cluster" + (clusters.indexOf(cluster) + 1);
    }

    Ran run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--kubeconfig=" + kubeconfig);
        return Ran.of(all.toArray(String[]::new));
    }

    @Override
    public void close() {
        clusters.forEach(StubCluster::close);
    }
}
