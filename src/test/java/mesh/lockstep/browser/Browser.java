package mesh.lockstep.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import mesh.lockstep.policy.StrictJson;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// A real Chromium or Chrome, without a window, that looks at one server.
final class Browser implements AutoCloseable {

    private static final Path PICTURES = Path.of("target/browser");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final Duration LOADING = Duration.ofSeconds(5);
    private static final List<String> RULES =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

    private final ChromeDriver driver;
    private final URI server;

    private Browser(ChromeDriver driver, URI server) {
        this.driver = driver;
        this.server = server;
    }

    /// Skips the test where there is none.
    ///
    /// @param scripts whether it runs the scripts of pages
    static Browser start(URI server, boolean scripts) {
        var program = program();
        assumeTrue(
                program.isPresent(),
                "no chromedriver on the PATH, so no browser looks at the pages;"
                        + " on Debian: apt-get install chromium chromium-driver");
        var service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(program.orElseThrow().toFile())
                        .build();
        var driver = new ChromeDriver(service, options(scripts));
        // After a click, the next page may still be on its way.
        driver.manage().timeouts().implicitlyWait(LOADING);
        return new Browser(driver, server);
    }

    private static Optional<Path> program() {
        var path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .map(it -> Path.of(it, "chromedriver"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Nothing but what is asked for goes over the network; the sandbox would not start as root.
    private static ChromeOptions options(boolean scripts) {
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        var options = new ChromeOptions();
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars");
        if (!scripts) {
            options.setExperimentalOption(
                    "prefs", Map.of("profile.managed_default_content_settings.javascript", 2));
        }
        return options;
    }

    void open(String path) {
        driver.get(server.resolve(path).toString());
    }

    /// Path and query of the page that is shown.
    String address() {
        var uri = URI.create(driver.getCurrentUrl());
        return uri.getRawQuery() == null ? uri.getPath() : uri.getPath() + "?" + uri.getRawQuery();
    }

    String title() {
        return driver.getTitle();
    }

    /// @param scheme `light` or `dark`
    void prefer(String scheme) {
        var feature = Map.of("name", "prefers-color-scheme", "value", scheme);
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    }

    /// A window of that many CSS pixels, each as large as that many of the screen's.
    void resize(int width, int height, double zoom) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width", width,
                        "height", height,
                        "deviceScaleFactor", zoom,
                        "mobile", false));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    WebElement one(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<String> texts(String selector) {
        return all(selector).stream().map(WebElement::getText).toList();
    }

    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /// What an expression is, as JSON.
    JsonNode evaluate(String expression) {
        return run("return " + expression);
    }

    /// What the script of that name in `src/test/resources/browser` returns.
    JsonNode runScript(String name) {
        try (var in = Browser.class.getResourceAsStream("/browser/" + name)) {
            return run(
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode run(String script) {
        return MAPPER.valueToTree(driver.executeScript(script));
    }

    /// What keeps people from using the page, by the rules of axe-core for WCAG 2.2 AA and its best
    /// practices.
    List<String> obstacles() {
        return new AxeBuilder()
                .withTags(RULES).analyze(driver).getViolations().stream()
                        .flatMap(Browser::words)
                        .toList();
    }

    private static Stream<String> words(Rule rule) {
        return rule.getNodes().stream()
                .map(it -> rule.getId() + ": " + rule.getHelp() + ": " + it.getHtml());
    }

    /// What the console has said since it was last asked.
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::toString)
                .toList();
    }

    /// The addresses of all that was requested since they were last asked for.
    List<String> requests() {
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(Browser::message)
                .filter(it -> it.path("method").asText().equals("Network.requestWillBeSent"))
                .map(it -> it.at("/params/request/url").asText())
                .toList();
    }

    private static JsonNode message(LogEntry entry) {
        try {
            return StrictJson.read(entry.getMessage().getBytes(StandardCharsets.UTF_8))
                    .path("message");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A picture of the window, for people, at `target/browser`.
    Path picture(String name) {
        try {
            var file = Files.createDirectories(PICTURES).resolve(name + ".png");
            return Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
