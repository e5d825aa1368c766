package mesh.lockstep.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import mesh.lockstep.policy.ClusterName;

/// The folder of kubeconfigs: a file for each peer, named like its cluster. A Secret mounted by
/// Kubernetes looks like that, too: its files are links through `..data`, which is replaced as a
/// whole when the Secret changes.
record PeerDirectory(Path path) {

    sealed interface Scan {

        /// What is in it.
        ///
        /// @param misnamed files whose name cannot be a cluster's
        record Found(Map<ClusterName, PeerFile> files, Set<String> misnamed) implements Scan {}

        record Missing() implements Scan {}

        /// It is there and cannot be looked into: nothing is known of who is in it.
        record Unreadable() implements Scan {}
    }

    sealed interface PeerFile {

        /// Equal if the bytes are, so that a change shows.
        record Content(ByteBuffer bytes) implements PeerFile {}

        record Unreadable() implements PeerFile {}
    }

    Scan scan() {
        var files = new TreeMap<ClusterName, PeerFile>();
        var misnamed = new TreeSet<String>();
        try (var entries = Files.newDirectoryStream(path)) {
            for (var entry : entries) {
                var name = String.valueOf(entry.getFileName());
                if (name.startsWith(".") || Files.isDirectory(entry)) {
                    continue;
                }
                if (ClusterName.isValid(name)) {
                    files.put(new ClusterName(name), read(entry));
                } else {
                    misnamed.add(name);
                }
            }
            return new Scan.Found(files, misnamed);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return new Scan.Missing();
        } catch (IOException | DirectoryIteratorException e) {
            return new Scan.Unreadable();
        }
    }

    /// One byte more than allowed is enough to see that it is too much.
    private static PeerFile read(Path file) {
        if (!Files.isRegularFile(file)) {
            return new PeerFile.Unreadable();
        }
        try (var content = Files.newInputStream(file)) {
            return new PeerFile.Content(
                    ByteBuffer.wrap(content.readNBytes(Kubeconfig.MAX_BYTES + 1)));
        } catch (IOException e) {
            return new PeerFile.Unreadable();
        }
    }
}
