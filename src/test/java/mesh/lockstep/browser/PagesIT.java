package mesh.lockstep.browser;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import mesh.lockstep.peers.CrowdedMesh;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;

/// The pages in a real browser, of 5,000 policies in 254 peers. Pictures of them are in
/// `target/browser`.
@Tag("alone")
@QuarkusTest
@TestProfile(PagesIT.Crowded.class)
class PagesIT {

    private static final Duration JUDGING = Duration.ofMinutes(1);
    private static final int DIVERGED = 1_500;
    private static final String MATRIX = "/mesh";
    private static final String SMALL = "/mesh?show=all&namespace=" + CrowdedMesh.SMALL_NAMESPACE;
    private static final String POLICY =
            "/mesh/policy?kind=CiliumNetworkPolicy&namespace=team-00&name=allow-0007&peer=member-007";

    /// By names for pictures.
    private static final Map<String, String> PAGES =
            Map.of(
                    "matrix", MATRIX,
                    "everything", "/mesh?show=all&page=100",
                    "small", SMALL,
                    "policy", POLICY);

    private static @Nullable Browser running;

    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    @TestHTTPResource(value = "/", management = true)
    URI management;

    @SuppressWarnings("NullAway.Init") // before each test
    private Browser browser;

    public static class Crowded implements QuarkusTestProfile {

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(CrowdedMesh.class, CrowdedMesh.BareApi.class);
        }

        /// A line for each peer, and that Selenium does not know this very Chromium.
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.log.category.\"mesh.lockstep.peers\".level", "ERROR",
                    "quarkus.log.category.\"org.openqa.selenium\".level", "ERROR");
        }
    }

    @BeforeEach
    void open() {
        if (running == null) {
            running = Browser.start(management, true);
            await().atMost(JUDGING).until(this::isDriftFound);
        }
        browser = running;
        browser.prefer("light");
        browser.resize(1280, 900, 1);
    }

    private boolean isDriftFound() {
        return given().get(management.resolve("/mesh/policies"))
                        .jsonPath()
                        .getInt("states.Diverged")
                == DIVERGED;
    }

    @AfterEach
    void neitherComplainsNorAsksAnybodyElse() {
        assertThat(browser.console()).isEmpty();
        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(it -> it.startsWith(management.resolve("/").toString()));
    }

    @AfterAll
    static void close() {
        if (running != null) {
            running.close();
        }
    }

    @Test
    void showsOnlyWhatDiffersTheWorstFirst() {
        browser.open(MATRIX);

        assertThat(browser.texts(".counts li"))
                .containsExactly(
                        "◆ 1500 Diverged",
                        "▼ 500 MissingHere",
                        "▲ 0 MissingThere",
                        "◐ 1500 RollingOut",
                        "? 500 Unknown",
                        "● 500 InSync",
                        "– 500 Exempt");
        assertThat(browser.one("#title").getText()).isEqualTo("What differs: 3500, unknown: 500");
        assertThat(browser.texts(".matrix tbody tr > td:nth-child(2)"))
                .hasSize(50)
                .containsOnly("◆ Diverged");
        assertThat(browser.all(".matrix thead .member")).hasSize(25);
        var cell = browser.one(".matrix td.cell a");
        assertThat(cell.getAriaRole()).isEqualTo("link");
        assertThat(cell.getAccessibleName())
                .startsWith("Diverged: member-007 has another version, and no rollout explains it");
    }

    @Test
    void isFilteredByClick() {
        browser.open(MATRIX);

        new Select(browser.one("select[name=namespace]")).selectByVisibleText("team-07");
        new Select(browser.one("select[name=show]")).selectByVisibleText("everything");
        browser.one("form button").click();

        arrivesAt("/mesh?namespace=team-07&show=all");
        isOfTeam07("Policies in team-07: 59");
    }

    @Test
    void isFilteredByTheKeyboard() {
        browser.open(MATRIX);

        browser.press(Keys.TAB, Keys.TAB);
        assertThat(browser.focused().getAccessibleName()).isEqualTo("Namespace");
        browser.press("team-07", Keys.TAB, Keys.TAB);
        assertThat(browser.focused().getText()).isEqualTo("Filter");
        browser.press(Keys.ENTER);

        arrivesAt("/mesh?namespace=team-07&show=differing");
        isOfTeam07("What differs in team-07: 41, unknown: 6");
        browser.press(Keys.TAB, Keys.ENTER);
        await().ignoreExceptions()
                .until(() -> browser.focused().getDomAttribute("id"), "policies"::equals);
    }

    /// Neither a form that is sent nor a key waits for the page that it leads to.
    private void arrivesAt(String address) {
        await().until(browser::address, address::equals);
    }

    private void isOfTeam07(String title) {
        assertThat(browser.one("#title").getText()).isEqualTo(title);
        assertThat(browser.texts(".matrix tbody th"))
                .isNotEmpty()
                .allMatch(it -> it.startsWith("team-07/allow-"));
        assertThat(new Select(browser.one("select[name=namespace]")).getFirstSelectedOption())
                .matches(it -> it.getText().equals("team-07"));
    }

    @Test
    void isTurnedPageByPage() {
        browser.open(MATRIX);
        var first = browser.texts(".matrix tbody th");

        browser.one("nav[aria-label=Policies] a[rel=next]").click();
        browser.one("nav[aria-label=Members] a[rel=next]").click();

        arrivesAt("/mesh?show=differing&page=2&members=2");
        assertThat(browser.one("nav[aria-label=Policies]").getText())
                .startsWith("Policies, page 2 of 80");
        assertThat(browser.one("nav[aria-label=Members]").getText())
                .startsWith("Members, page 2 of 11");
        assertThat(browser.texts(".matrix tbody th"))
                .hasSize(50)
                .doesNotContainAnyElementsOf(first);
        browser.one("nav[aria-label=Policies] a[rel=prev]").click();
        assertThat(browser.texts(".matrix tbody th")).isEqualTo(first);
    }

    @Test
    void leadsToTheDifferenceSideBySide() {
        browser.open("/mesh?namespace=team-00");

        browser.one(".matrix td.diverged a").click();

        assertThat(browser.title()).isEqualTo("allow-0007, cluster1 and member-007 – Lockstep");
        assertThat(browser.texts(".difference:not(.meaning) thead th"))
                .containsExactly("Place", "cluster1", "member-007");
        assertThat(browser.texts(".difference:not(.meaning) tbody tr:first-child > *"))
                .containsExactly("ingress[0].toPorts[0].ports[0].port", "8080", "8081");
        var signs = browser.texts(".meaning tbody .sign");
        assertThat(signs).startsWith("one each").endsWith("both");
        assertThat(browser.texts(".meaning .apart td")).hasSize(2);
        assertThat(browser.texts("section:has(#members) tbody tr:first-child .at"))
                .allMatch(it -> Instant.parse(it).isBefore(Instant.now()))
                .hasSize(1);
        browser.one("header nav a[href*=team-00]").click();
        assertThat(browser.one("#title").getText()).isEqualTo("Policies in team-00: 59");
    }

    @Test
    void showsThePeersWithTheirFreshnessTheSilentFirst() {
        browser.open(MATRIX);

        assertThat(browser.one("#peers").getText()).isEqualTo("Peers: 254, 3 of them not compared");
        var rows = browser.texts("section:has(#peers) tbody tr");
        assertThat(rows).hasSize(254);
        assertThat(rows.get(0)).startsWith("member-252 ? joining 0 –");
        assertThat(rows.get(1))
                .isEqualTo("member-253 ? unknown 0 75 s ago not heard from for 75 s");
        assertThat(rows.get(2)).contains("unusable", CrowdedMesh.SCRIPT);
        assertThat(rows.get(3)).matches("member-001 ● in sync 4000 \\d s ago");
        assertThat(rows.get(7))
                .isEqualTo("member-005 ● in sync 4000 5 s ago new credential: HTTP 401");
        assertThat(browser.texts("section:has(#settings) tbody tr"))
                .contains("policy-audit-mode false member-002 true")
                .contains("enable-policy default member-003 " + CrowdedMesh.SCRIPT);
        assertThat(browser.texts("section:has(#groups) tbody tr"))
                .containsExactly("partners member-004");
    }

    @ParameterizedTest
    @ValueSource(strings = {MATRIX, POLICY})
    void showsScriptsAndDoesNotRunThem(String page) {
        browser.open(page);

        assertThat(browser.one("body").getText()).contains(CrowdedMesh.SCRIPT);
        assertThat(browser.title()).doesNotContain("owned").endsWith("Lockstep");
        assertThat(browser.evaluate("document.scripts.length + document.images.length").asInt())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void isUsableByEverybody(String scheme) {
        browser.prefer(scheme);
        for (var page : List.of(SMALL, POLICY)) {
            browser.open(page);

            assertThat(browser.obstacles()).as("%s %s", scheme, page).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void hasContrast(String scheme) {
        browser.prefer(scheme);
        PAGES.forEach(
                (name, page) -> {
                    browser.open(page);
                    browser.picture(name + "-" + scheme);

                    var contrast = browser.runScript("contrast.js");

                    assertThat(contrast.path("seen").asInt()).isGreaterThan(50);
                    assertThat(contrast.path("tooLittle")).as("%s, %s", name, scheme).isEmpty();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void showsWhereTheKeyboardIs(String scheme) {
        browser.prefer(scheme);
        browser.open("/mesh?namespace=team-00");

        for (int stop = 0; stop < 60; stop++) {
            browser.press(Keys.TAB);

            var focus = browser.runScript("focus.js");

            var name = focus.path("name").asText();
            assertThat(focus.path("ring").asDouble())
                    .as("ring of %s", name)
                    .isGreaterThanOrEqualTo(2);
            assertThat(focus.path("contrast").asDouble()).as("ring of %s", name).isGreaterThan(3);
            assertThat(focus.path("onTop").asBoolean()).as("%s is seen", name).isTrue();
        }
    }

    /// 640 CSS pixels, each as large as two: a window of 1280 at 200 %.
    @ParameterizedTest
    @CsvSource({"320, 1", "400, 1", "640, 2"})
    void fitsNarrowWindowsAndLargeLetters(int width, double zoom) {
        browser.resize(width, 800, zoom);
        PAGES.forEach(
                (name, page) -> {
                    browser.open(page);
                    browser.picture(name + "-" + width);

                    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                            .as("width of %s", name)
                            .isLessThanOrEqualTo(width);
                });
    }

    @Test
    void needsNoJavaScript() {
        try (var plain = Browser.start(management, false)) {
            plain.open(
                    "data:text/html,%3Ctitle%3Eoff%3C/title%3E%3Cscript%3Edocument.title='on'%3C/script%3E");
            assertThat(plain.title()).isEqualTo("off");

            plain.open(MATRIX);
            new Select(plain.one("select[name=namespace]")).selectByVisibleText("team-00");
            plain.one("form button").click();
            plain.one(".matrix td.diverged a").click();

            assertThat(plain.title()).startsWith("allow-0007, cluster1 and member-007");
        }
        browser.open(MATRIX);
    }

    /// Ratios of the time from the first byte to a page that reacts, which is printed: the size is
    /// what is held.
    @Test
    void doesNotFreezeTheBrowser() {
        var small = reaction(SMALL);
        var large = reaction(MATRIX);
        System.out.printf(
                "browser: ready to be used %.0f ms after the first byte of 2 policies, %.0f ms of 5,000: ratio %.1f%n",
                small, large, large / small);

        assertThat(browser.evaluate("document.querySelectorAll('*').length").asInt())
                .isBetween(5_000, 8_000);
        assertThat(browser.evaluate("document.documentElement.outerHTML.length").asInt())
                .isLessThan(500_000);
    }

    private double reaction(String page) {
        return DoubleStream.generate(() -> reactionOnce(page)).limit(5).sorted().toArray()[2];
    }

    private double reactionOnce(String page) {
        browser.open(page);
        return browser.evaluate(
                        "(t => t.loadEventEnd - t.responseStart)(performance.getEntriesByType('navigation')[0])")
                .asDouble();
    }
}
