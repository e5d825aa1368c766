package mesh.lockstep.pages;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import mesh.lockstep.peers.PeerStatus;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Rejection;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Departures.Found;
import mesh.lockstep.rollout.Departures.LackedGroup;
import mesh.lockstep.rollout.Departures.OtherSetting;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.Objection.ByCilium;
import mesh.lockstep.rollout.Objection.ByReading;
import mesh.lockstep.rollout.Relation;
import mesh.lockstep.rollout.State;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the pages show, of what tests make up; and that they are served.
@Tag("alone")
@QuarkusTest
class MeshPagesIT {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Deadline LATER = Deadline.in(Duration.ofMinutes(5));

    @Inject
    @Location("matrix.html")
    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    Template matrix;

    @Inject
    @Location("policy.html")
    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    Template policy;

    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void isServedOnThePortForOperators() {
        given().get(management.resolve("/mesh"))
                .then()
                .statusCode(200)
                .contentType("text/html; charset=utf-8")
                .header("Content-Security-Policy", containsString("default-src 'none'"))
                .body(containsString("seen from cluster1"));
        given().get(management.resolve("/mesh/style.css"))
                .then()
                .statusCode(200)
                .contentType("text/css; charset=utf-8");
        given().get(management.resolve("/mesh/policy?kind=CiliumNetworkPolicy&namespace=a&name=b"))
                .then()
                .statusCode(404)
                .contentType("text/plain; charset=utf-8");
        given().get(management.resolve("/mesh/policy?kind=Pod&namespace=a&name=b"))
                .then()
                .statusCode(404);
    }

    /// What a peer or a link says must not turn around, hide or colour what we say.
    @Test
    void showsNoCharacterThatActsOnAText() {
        given().urlEncodingEnabled(false)
                .get(management.resolve("/mesh") + "?namespace=a%E2%80%AEb%1B%5B31m")
                .then()
                .statusCode(200)
                .body(containsString("a\uFFFDb\uFFFD[31m"))
                .body(not(containsString("\u202e")))
                .body(not(containsString("\u001b")));
    }

    @Test
    void saysTheSameToPrograms() {
        given().get(management.resolve("/mesh/policies?page=x"))
                .then()
                .statusCode(200)
                .contentType("application/json; charset=utf-8")
                .body("cluster", equalTo("cluster1"))
                .body("page", is(1));
        given().accept("text/plain")
                .get(management.resolve("/mesh/policies"))
                .then()
                .statusCode(200)
                .contentType("text/plain; charset=utf-8")
                .body(containsString("cluster1: policies shown 0 of 0"));
    }

    @Test
    void showsEveryStateByAShapeAWordAndAStyle() {
        var conditions = new ArrayList<Condition>();
        for (var state : State.values()) {
            conditions.add(
                    condition(
                            "default",
                            "p-" + state.word().toLowerCase(Locale.ROOT),
                            Map.of("east", state)));
        }

        var html = render(conditions, new Selection(Optional.empty(), true, 1), 1, "east");

        for (var state : State.values()) {
            var mark = Mark.of(state);
            assertThat(html)
                    .contains("<td class=\"cell " + mark.style())
                    .contains(mark.shape())
                    .contains(mark.word());
        }
        assertThat(html)
                .contains("<code>policy-audit-mode</code>")
                .contains("<code>partners</code></th><td>east</td>")
                .contains("Could not be read in west.")
                .contains(
                        "<a href=\"/mesh/policy?kind=CiliumNetworkPolicy&amp;namespace=default&amp;name=p-diverged&amp;peer=east\">");
    }

    @Test
    void staysSmallWithThousandsOfPoliciesAndHundredsOfMembers() throws IOException {
        var members = new ArrayList<String>();
        var states = new TreeMap<String, State>();
        for (int i = 1; i <= 254; i++) {
            members.add("member-%03d".formatted(i));
            states.put("member-%03d".formatted(i), i % 7 == 0 ? State.DIVERGED : State.IN_SYNC);
        }
        var conditions = new ArrayList<Condition>();
        for (int i = 0; i < 5_000; i++) {
            conditions.add(condition("namespace-" + i % 100, "policy-%04d".formatted(i), states));
        }

        var html =
                render(
                        conditions,
                        new Selection(Optional.empty(), false, 3),
                        2,
                        members.toArray(String[]::new));

        assertThat(html)
                .contains("What differs: 5000</h2>")
                .contains("Policies, page 3 of 100")
                .contains("Members, page 2 of 11")
                // The policies of the second page, after the 36 that differ.
                .contains("<span>member-182</span>", "<span>member-252</span>")
                .contains("<span>member-001</span>")
                .doesNotContain("<span>member-175</span>", "<span>member-050</span>");
        assertThat(html.length()).isLessThan(1_000_000);
        save("matrix-5000x254.html", html);
    }

    @Test
    void showsWhatIsNotTextAsText() throws IOException {
        var script = "<script>alert('drift')</script>";
        var key = Policies.KEY;
        var here = withPath(script);
        var there = withPath("\"><img src=x onerror=alert(1)>");
        var condition = condition("default", key.name(), Map.of("east", State.DIVERGED));

        var html =
                policy.data(
                                "page",
                                PolicyPage.of(
                                        "here",
                                        condition,
                                        Optional.of(new ClusterName("east")),
                                        SideBySide.of(here, there, true, LATER),
                                        new Discretion(true),
                                        NOW))
                        .render();

        assertThat(html)
                .doesNotContain("<script", "<img")
                .contains("&lt;script&gt;alert(&#39;drift&#39;)&lt;/script&gt;")
                .contains("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;");
        save("policy-script.html", html);
    }

    @Test
    void showsOnlyWherePoliciesDifferIfNothingMoreIsDisclosed() {
        var comparison =
                SideBySide.of(Policies.withPort(80), Policies.withPort(8080), false, LATER);

        assertThat(render(comparison)).contains("ports[0].port").doesNotContain("8080");
    }

    @Test
    void showsWhomAPolicyIsMeantForBesideItsRules() {
        var here = (ObjectNode) Reviews.policy(80);
        here.withObject("/metadata/annotations").put(Intent.MEMBERS, "local");
        var local = Policies.read(Policies.KEY, here);

        assertThat(render(SideBySide.of(local, Policies.withPort(80), true, LATER)))
                .contains("Outside the rules", "lockstep.mesh/members", "<code>local</code>")
                .doesNotContain("both say the same");
        assertThat(render(SideBySide.of(local, Policies.withPort(80), false, LATER)))
                .contains("lockstep.mesh/members")
                .doesNotContain("<code>local</code>");
        assertThat(render(SideBySide.of(local, local, true, LATER)))
                .contains("both say the same")
                .doesNotContain("Outside the rules");
    }

    @Test
    void saysHowToReadTheDifference() {
        var wide = "endpointSelector: {}\ningress: [{fromEntities: [all]}]";
        var twice =
                """
                endpointSelector: {}
                ingress:
                - fromEntities: [all]
                - fromEntities: [host]
                  toPorts: [{ports: [{port: "80"}]}]
                """;
        var rejected = "endpointSelector: {}\ningress: [{fromCIDR: [nonsense]}]";

        assertThat(notes(wide, wide)).isEmpty();
        assertThat(notes(wide, twice))
                .containsExactly(
                        "Another rule already covers the difference, so it may have no effect.");
        assertThat(notes(wide, rejected))
                .containsExactly(
                        "Compared as written, because of ingress[0] there: not a CIDR block: nonsense.");
        assertThat(
                        SideBySide.of(
                                        Policies.withSpec(wide),
                                        Policies.withSpec(rejected),
                                        false,
                                        LATER)
                                .notes())
                .containsExactly("Compared as written, because of ingress[0] there.");
    }

    @Test
    void saysWhoDoesNotEnforceAPolicy() {
        var sync = condition("default", "a", Map.of("east", State.IN_SYNC));
        var unenforced =
                new Condition(
                        sync.key(),
                        sync.state(),
                        sync.revision(),
                        sync.relations(),
                        sync.unexplained(),
                        new TreeMap<>(
                                Map.of(
                                        new ClusterName("east"),
                                        List.of(
                                                new ByReading(
                                                        new Rejection("egress[1]", "a reason")),
                                                new ByCilium("<script>alert(1)</script>")))));

        var page =
                policy.data(
                                "page",
                                PolicyPage.of(
                                        "here",
                                        unenforced,
                                        Optional.empty(),
                                        SideBySide.NONE,
                                        new Discretion(true),
                                        NOW))
                        .render();

        assertThat(page)
                .contains("will not enforce it in east: egress[1]: a reason.")
                .contains(
                        "east&#39;s Cilium calls it invalid:"
                                + " &lt;script&gt;alert(1)&lt;/script&gt;.")
                .doesNotContain("<script");
        assertThat(render(List.of(unenforced), new Selection(Optional.empty(), false, 1), 1))
                .contains("Policies that Cilium does not enforce: 1")
                .contains("Nothing differs between the members")
                .contains("<code>default/a</code>")
                .doesNotContain("<script");
    }

    private String render(SideBySide comparison) {
        return policy.data(
                        "page",
                        PolicyPage.of(
                                "here",
                                condition("default", "a", Map.of("east", State.DIVERGED)),
                                Optional.of(new ClusterName("east")),
                                comparison,
                                new Discretion(true),
                                NOW))
                .render();
    }

    private static List<String> notes(String here, String there) {
        return SideBySide.of(Policies.withSpec(here), Policies.withSpec(there), true, LATER)
                .notes();
    }

    private static Policy withPath(String path) {
        return Policies.withSpec(
                """
                endpointSelector: {matchLabels: {app: api}}
                ingress:
                - toPorts:
                  - ports: [{port: "80", protocol: TCP}]
                    rules: {http: [{path: %s}]}
                """
                        .formatted("'" + path.replace("'", "''") + "'"));
    }

    private String render(
            List<Condition> conditions, Selection selection, int members, String... peers) {
        var statuses =
                List.of(peers).stream()
                        .map(
                                it ->
                                        new PeerStatus(
                                                new ClusterName(it),
                                                new PeerStatus.Standing.InSync(),
                                                NOW,
                                                true,
                                                Optional.of(NOW.minusSeconds(5)),
                                                Map.of(),
                                                Optional.empty(),
                                                Optional.empty()))
                        .toList();
        var east = new ClusterName("east");
        var setting = new OtherSetting("policy-audit-mode", "false", east, "true");
        var group = new LackedGroup("partners", List.of(east));
        var departures =
                new Departures(
                        new Found<>(List.of(setting), new TreeSet<>()),
                        new Found<>(
                                List.of(group), new TreeSet<>(Set.of(new ClusterName("west")))));
        var overview =
                Overview.of(
                        "here",
                        NOW.minusSeconds(90),
                        statuses,
                        departures,
                        conditions,
                        selection,
                        new Discretion(true));
        return matrix.data(
                        "page",
                        MatrixPage.of(
                                overview, selection, List.of("default", "payments"), members, NOW))
                .render();
    }

    private static Condition condition(String namespace, String name, Map<String, State> states) {
        var relations = new TreeMap<ClusterName, Relation>();
        states.forEach(
                (peer, state) ->
                        relations.put(
                                new ClusterName(peer),
                                new Relation(
                                        state,
                                        state.differs()
                                                ? Optional.of(NOW.minusSeconds(3000))
                                                : Optional.empty(),
                                        state == State.UNKNOWN ? "connection refused" : "")));
        return Condition.of(
                new PolicyKey(Kind.CILIUM_NETWORK_POLICY, namespace, name),
                Optional.of(Revision.NONE),
                relations);
    }

    /// For anyone who wants to look at it.
    private static void save(String name, String html) throws IOException {
        var folder = Files.createDirectories(Path.of("target/pages"));
        Files.copy(
                Path.of("src/main/resources/mesh/style.css"),
                folder.resolve("style.css"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(folder.resolve(name), html.replace("/mesh/style.css", "style.css"));
    }
}
