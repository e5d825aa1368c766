package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import mesh.lockstep.peers.PeerDirectory.Contents;
import mesh.lockstep.peers.PeerDirectory.PeerFile;
import mesh.lockstep.peers.PeerDirectory.PeerFile.Content;
import mesh.lockstep.peers.PeerDirectory.PeerFile.Late;
import mesh.lockstep.peers.PeerDirectory.PeerFile.Unreadable;
import mesh.lockstep.policy.ClusterName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerDirectoryTest {

    private static final ClusterName EAST = new ClusterName("east");
    private static final ClusterName WEST = new ClusterName("west");

    @TempDir Path folder;
    private PeerDirectory directory;

    @BeforeEach
    void open() {
        directory = new PeerDirectory(folder);
    }

    @Test
    void hasNoPeersWhereThereIsNoFolder() throws InterruptedException {
        assertThat(new PeerDirectory(folder.resolve("none")).scan())
                .isEqualTo(new Contents.Missing());
    }

    @Test
    void hasNoPeersInAnEmptyFolder() throws InterruptedException {
        assertThat(directory.scan()).isEqualTo(found(Map.of()));
    }

    @Test
    void seesFilesComeChangeAndGo() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("east"), "one");
        Files.writeString(folder.resolve("west"), "two");
        assertThat(directory.scan()).isEqualTo(found(Map.of(EAST, has("one"), WEST, has("two"))));

        Files.writeString(folder.resolve("east"), "eins");
        assertThat(directory.scan()).isEqualTo(found(Map.of(EAST, has("eins"), WEST, has("two"))));

        Files.delete(folder.resolve("west"));
        assertThat(directory.scan()).isEqualTo(found(Map.of(EAST, has("eins"))));
    }

    /// As kubelet mounts a Secret: `east` → `..data/east`, `..data` → a folder with the time in its
    /// name, replaced by renaming.
    @Test
    void seesASecretMountedByKubernetesChange() throws IOException, InterruptedException {
        mount("..2026_01_01", "one");
        Files.createSymbolicLink(folder.resolve("east"), Path.of("..data", "east"));
        assertThat(directory.scan()).isEqualTo(found(Map.of(EAST, has("one"))));

        mount("..2026_01_02", "two");
        assertThat(directory.scan()).isEqualTo(found(Map.of(EAST, has("two"))));
    }

    private void mount(String version, String content) throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve(version)).resolve("east"), content);
        Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(version));
        Files.move(
                folder.resolve("..data_tmp"),
                folder.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void reportsNamesThatNoClusterHas() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("east.yaml"), "");
        Files.writeString(folder.resolve("West"), "");

        assertThat(directory.scan())
                .isEqualTo(new Contents.Found(Map.of(), Set.of("West", "east.yaml")));
    }

    @Test
    void passesOverHiddenFilesAndFolders() throws IOException, InterruptedException {
        Files.writeString(folder.resolve(".hidden"), "");
        Files.createDirectory(folder.resolve("folder"));

        assertThat(directory.scan()).isEqualTo(found(Map.of()));
    }

    @Test
    void keepsAPeerWhoseFileCannotBeRead() throws IOException, InterruptedException {
        Files.createSymbolicLink(folder.resolve("east"), folder.resolve("nowhere"));

        assertThat(directory.scan()).isEqualTo(found(Map.of(EAST, new Unreadable())));
    }

    @Test
    void readsNoMoreOfAFileThanIsNeededToRefuseIt() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("east"), "#".repeat(1024 * 1024));

        var scan = (Contents.Found) directory.scan();

        assertThat(scan.files().get(EAST))
                .isInstanceOfSatisfying(
                        Content.class,
                        it -> assertThat(it.bytes().remaining()).isEqualTo(256 * 1024 + 1));
    }

    /// Reading the log of the kernel waits for its next line; opening it needs rights.
    @Tag("slow")
    @Test
    void aFileThatNeverAnswersIsThatPeersTroubleAlone() throws IOException, InterruptedException {
        var endless = Path.of("/proc/kmsg");
        assumeThat(endless).isReadable();
        Files.createSymbolicLink(folder.resolve("endless"), endless);
        Files.writeString(folder.resolve("west"), "two");

        for (int i = 0; i < 2; i++) {
            assertThat(directory.scan())
                    .isEqualTo(
                            found(
                                    Map.of(
                                            new ClusterName("endless"),
                                            new Late(),
                                            WEST,
                                            has("two"))));
        }
        Files.delete(folder.resolve("endless"));
        Files.writeString(folder.resolve("endless"), "mended");

        await().until(
                        () ->
                                directory
                                        .scan()
                                        .equals(
                                                found(
                                                        Map.of(
                                                                new ClusterName("endless"),
                                                                has("mended"),
                                                                WEST,
                                                                has("two")))));
    }

    private static Contents found(Map<ClusterName, PeerFile> files) {
        return new Contents.Found(files, Set.of());
    }

    private static PeerFile has(String text) {
        return new Content(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
