package mesh.lockstep.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import mesh.lockstep.kubeconfig.Kubeconfig;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.vigil.Aside;

/// The folder of kubeconfigs: a file for each peer, named like its cluster. A Secret mounted by
/// Kubernetes looks the same: its files are links through `..data`, which is replaced as a whole
/// when the Secret changes.
///
/// What is in it may lead anywhere, and may never answer: each file has a second, and then is that
/// peer's trouble alone.
final class PeerDirectory {

    private static final Duration ONE = Duration.ofSeconds(1);

    /// For all files; those that were late the last time come last.
    private static final Duration ALL = Duration.ofSeconds(5);

    private final Path path;
    private final Aside aside = new Aside("peers-folder");
    private Set<Path> late = Set.of();

    PeerDirectory(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    sealed interface Contents {

        /// What is in it.
        ///
        /// @param misnamed files whose name cannot be a cluster's
        record Found(Map<ClusterName, PeerFile> files, Set<String> misnamed) implements Contents {}

        record Missing() implements Contents {}

        /// It exists and cannot be read: nothing is known about its peers.
        record Unreadable() implements Contents {}
    }

    sealed interface PeerFile {

        /// Equal if the bytes are, so that a change shows.
        record Content(ByteBuffer bytes) implements PeerFile {}

        record Unreadable() implements PeerFile {}

        /// Reading it does not come to an end.
        record Late() implements PeerFile {}
    }

    /// By one thread.
    Contents scan() throws InterruptedException {
        try {
            return read(aside.within(ALL, path, this::entries));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return new Contents.Missing();
        } catch (IOException | TimeoutException e) {
            return new Contents.Unreadable();
        }
    }

    private List<Path> entries() throws IOException {
        var entries = new ArrayList<Path>();
        try (var all = Files.newDirectoryStream(path)) {
            all.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    private Contents read(List<Path> entries) throws InterruptedException {
        var files = new TreeMap<ClusterName, PeerFile>();
        var misnamed = new TreeSet<String>();
        var lateNow = new HashSet<Path>();
        var deadline = Deadline.in(ALL);
        entries.sort(Comparator.comparing(late::contains));
        for (var entry : entries) {
            var name = String.valueOf(entry.getFileName());
            if (name.startsWith(".")) {
                continue;
            }
            var file = read(entry, deadline);
            if (file.filter(PeerFile.Late.class::isInstance).isPresent()) {
                lateNow.add(entry);
            }
            if (ClusterName.isValid(name)) {
                file.ifPresent(peerFile -> files.put(new ClusterName(name), peerFile));
            } else if (file.isPresent()) {
                misnamed.add(name);
            }
        }
        late = lateNow;
        return new Contents.Found(files, misnamed);
    }

    /// Empty for a folder.
    private Optional<PeerFile> read(Path entry, Deadline deadline) throws InterruptedException {
        try {
            var atMost = deadline.left().compareTo(ONE) < 0 ? deadline.left() : ONE;
            return aside.within(atMost, entry, () -> content(entry));
        } catch (TimeoutException e) {
            return Optional.of(new PeerFile.Late());
        } catch (IOException e) {
            return Optional.of(new PeerFile.Unreadable());
        }
    }

    /// One byte more than allowed is enough to see that it is too much. A channel, since that can
    /// be interrupted.
    private static Optional<PeerFile> content(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(entry)) {
            return Optional.of(new PeerFile.Unreadable());
        }
        try (var content = Channels.newInputStream(FileChannel.open(entry))) {
            var bytes = content.readNBytes(Kubeconfig.MAX_BYTES + 1);
            return Optional.of(new PeerFile.Content(ByteBuffer.wrap(bytes)));
        }
    }
}
