package mesh.lockstep.beside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mesh.lockstep.support.Ports;
import mesh.lockstep.support.Replica;
import mesh.lockstep.support.WebhookProcess;

/// The webhooks that are measured.
final class Webhooks {

    static final String EXECUTABLE = "executable";
    static final String JVM = "jvm";
    static final String EMPTY = "empty";

    /// What `mesh/build-tool.sh` has built.
    static final Path BIN = Path.of("mesh/bin").toAbsolutePath();

    private static final Path NATIVE = Path.of("target/native/lockstep");

    private final Stage stage;

    Webhooks(Stage stage) {
        this.stage = stage;
    }

    List<Webhook> all() {
        return List.of(
                lockstep(EXECUTABLE, NATIVE, "make native"),
                lockstep(JVM, Path.of(WebhookProcess.FOR_A_JVM), "make build"),
                empty(""),
                Gatekeeper.webhook(stage),
                Kyverno.inJmesPath(stage),
                Kyverno.inCel(stage));
    }

    private Webhook lockstep(String name, Path program, String advice) {
        return new Webhook(
                name,
                program,
                advice,
                "/validate",
                true,
                () -> new LockstepProcess(startLockstep(name, program)));
    }

    /// With the heap of the Deployment, and on a JVM with the options of the component `jvm`.
    private WebhookProcess startLockstep(String name, Path program) {
        var own = stage.folder().resolve(name);
        if (own.toFile().mkdir()) {
            link(own.resolve("tls"), stage.folder().resolve("tls"));
        }
        var settings = new HashMap<>(Replica.settings(stage.cluster()));
        settings.put(WebhookProcess.OPTIONS, WebhookProcess.AS_IN_A_POD);
        return WebhookProcess.start(program.toString(), own, settings);
    }

    private static void link(Path link, Path target) {
        try {
            Files.createSymbolicLink(link, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param keep a file for the last review that it is sent, or nothing
    Webhook empty(String keep) {
        var program = BIN.resolve("empty");
        return new Webhook(
                EMPTY,
                program,
                "mesh/build-tool.sh empty",
                "/",
                false,
                () -> {
                    int port = Ports.free();
                    return GoProcess.start(
                            port,
                            "https://127.0.0.1:" + port,
                            stage.folder().resolve("empty.log"),
                            Map.of(),
                            List.of(
                                    program.toString(),
                                    "-address=127.0.0.1:" + port,
                                    "-certificate=" + stage.folder().resolve("tls/tls.crt"),
                                    "-key=" + stage.folder().resolve("tls/tls.key"),
                                    "-keep=" + keep));
                });
    }
}
