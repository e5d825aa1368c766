package mesh.lockstep.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Program;
import mesh.lockstep.support.WebhookProcess;

/// Makes the README's picture: the page of cluster1 as the demo leaves it. Started by `make
/// picture`.
final class PictureRun {

    public static void main(String... parts) {
        new Program().part("picture", PictureRun::showsWhatTheDemoEndsWith).run(parts);
    }

    private static final Pattern PAGE = Pattern.compile("as cluster1 sees it: (http\\S+), in a");
    private static final Duration STORY = Duration.ofMinutes(5);
    private static final Path LOG = Path.of("target/picture.log");
    private static final int WIDTH = 1200;

    private static void showsWhatTheDemoEndsWith() throws IOException, InterruptedException {
        var demo =
                new ProcessBuilder("mesh/bin/mesh", "demo", "--webhook", WebhookProcess.APPLICATION)
                        .redirectErrorStream(true)
                        .redirectOutput(LOG.toFile());
        Mesh.prepare(demo);
        demo.environment().remove("DEMO");
        var process = demo.start();
        try {
            await().atMost(STORY).until(() -> page().isPresent() || !process.isAlive());
            var page = page().orElseThrow(() -> new AssertionError("the demo failed: see " + LOG));
            try (var browser = Browser.start(page, true)) {
                browser.resize(WIDTH, WIDTH, 1);
                browser.open(page.getPath());
                assertThat(browser.all(".matrix td.diverged a")).isNotEmpty();
                int height = browser.evaluate("document.body.offsetHeight").asInt();
                browser.resize(WIDTH, height, 1);
                Files.copy(
                        browser.picture("mesh"),
                        Path.of("docs/mesh.png"),
                        StandardCopyOption.REPLACE_EXISTING);
                assertThat(browser.obstacles()).isEmpty();
                assertThat(browser.console()).isEmpty();
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /// Once the story has been told.
    private static Optional<URI> page() {
        try {
            return PAGE.matcher(Files.readString(LOG))
                    .results()
                    .map(it -> URI.create(it.group(1)))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
