package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/// A Secret in a folder as the kubelet mounts it: its files are links through `..data`, which is
/// replaced as a whole.
///
/// @param volume the volume's `secret` in the manifest
/// @param group that may read the files besides root: the pod's `fsGroup`
record MountedSecret(Kubectl kubectl, JsonNode volume, int group, Path folder) {

    private static final Path DATA = Path.of("..data");

    /// Brings the folder up to date with what the API server holds.
    void refresh() {
        try {
            var files = files();
            var fresh = Files.createTempDirectory(folder, "..");
            for (var file : files.entrySet()) {
                var written = Files.write(fresh.resolve(file.getKey()), file.getValue());
                protect(written, volume.path("defaultMode").asInt());
            }
            protect(fresh, 0750);
            var link = Files.createSymbolicLink(folder.resolve("..new"), fresh.getFileName());
            Files.move(link, folder.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
            linkAll(files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void linkAll(Map<String, byte[]> files) throws IOException {
        for (var name : files.keySet()) {
            if (!Files.isSymbolicLink(folder.resolve(name))) {
                Files.createSymbolicLink(folder.resolve(name), DATA.resolve(name));
            }
        }
        try (var links = Files.newDirectoryStream(folder, it -> !isInternal(it))) {
            for (var link : links) {
                if (!files.containsKey(link.getFileName().toString())) {
                    Files.delete(link);
                }
            }
        }
    }

    private static boolean isInternal(Path path) {
        return path.getFileName().toString().startsWith("..");
    }

    /// By their paths in the volume.
    private Map<String, byte[]> files() {
        var name = volume.path("secretName").asText();
        var read = kubectl.run("get", "secret", name, "-n", "lockstep", "-o", "json");
        if (!read.succeeded()) {
            if (volume.path("optional").asBoolean() && read.err().contains("NotFound")) {
                return Map.of();
            }
            throw new IllegalStateException(read.err());
        }
        var data = Yaml.read(read.out()).path("data");
        var files = new TreeMap<String, byte[]>();
        if (volume.has("items")) {
            for (var item : volume.path("items")) {
                files.put(item.path("path").asText(), decode(data, item.path("key").asText()));
            }
        } else {
            data.fieldNames().forEachRemaining(key -> files.put(key, decode(data, key)));
        }
        return files;
    }

    private static byte[] decode(JsonNode data, String key) {
        if (!data.has(key)) {
            throw new IllegalStateException("the Secret has no " + key);
        }
        return Base64.getDecoder().decode(data.path(key).asText());
    }

    /// A user other than root cannot give a file to a group, and plays root itself.
    private void protect(Path path, int mode) throws IOException {
        if (Pod.IS_ROOT) {
            Files.setAttribute(path, "unix:gid", group);
        }
        Files.setAttribute(path, "unix:mode", mode);
    }
}
