package mesh.lockstep.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.PeerApi.Opening.Declined;
import mesh.lockstep.apiserver.PeerApi.Opening.Opened;
import mesh.lockstep.apiserver.WatchEvent.Over;
import mesh.lockstep.apiserver.WatchEvent.Told;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import org.junit.jupiter.api.Test;

/// What we rely on of an API server. The stub is held to it, and so is a real kube-apiserver: what
/// is proven with the one is worth something for the other.
abstract class PeerApiContract {

    private static final Kind KIND = Kind.CILIUM_NETWORK_POLICY;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /// The API server, as a peer reads it.
    abstract PeerApi api();

    /// The same, with a token that it does not know.
    abstract PeerApi stranger();

    /// Creates or changes `default/<name>`, so that it allows this port.
    abstract void put(String name, int port);

    abstract void delete(String name);

    /// Creates a CIDR group.
    abstract void putGroup(String name);

    @Test
    void saysWhichClusterItIs() throws InterruptedException {
        assertThat(given(api().kubeSystem(LONG)).at("/metadata/uid").asText()).hasSize(36);
    }

    /// So each answer shows which cluster gave it.
    @Test
    void namesTheSameFlowSchemaWithEachAnswerToUs() throws InterruptedException {
        put("marked", 80);
        var schema = api().kubeSystem(LONG).flowSchema();

        assertThat(schema).hasSize(36);
        assertThat(api().get(key("marked"), Deadline.in(LONG), new FairTime.Clock()).flowSchema())
                .isEqualTo(schema);
        assertThat(api().get(key("none"), Deadline.in(LONG), new FairTime.Clock()).flowSchema())
                .isEqualTo(schema);
    }

    @Test
    void knowsNoStranger() throws InterruptedException {
        for (var answer :
                List.of(
                        stranger().kubeSystem(LONG),
                        stranger().get(key("any"), Deadline.in(LONG), new FairTime.Clock()),
                        stranger().list(KIND, "", Deadline.in(LONG), _ -> {}))) {
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Rejected.class, it -> assertThat(it.code()).isEqualTo(401));
        }
        assertThat(stranger().watch(KIND, "1", SHORT))
                .isInstanceOfSatisfying(
                        Declined.class, it -> assertThat(it.answer()).isInstanceOf(Rejected.class));
    }

    @Test
    void showsAPolicyAndSaysOfWhichThereIsNone() throws InterruptedException {
        put("shown", 80);

        var shown = given(api().get(key("shown"), Deadline.in(LONG), new FairTime.Clock()));
        var none = (Rejected) api().get(key("none"), Deadline.in(LONG), new FairTime.Clock());

        assertThat(shown.at("/metadata/name").asText()).isEqualTo("shown");
        assertThat(shown.at("/metadata/namespace").asText()).isEqualTo("default");
        assertThat(shown.at("/metadata/resourceVersion").asText()).matches("[0-9]+");
        assertThat(none.code()).isEqualTo(404);
        assertThat(none.status().path("reason").asText()).isEqualTo("NotFound");
        assertThat(none.status().at("/details/name").asText()).isEqualTo("none");
        assertThat(none.status().at("/details/kind").asText()).isEqualTo(KIND.plural());
    }

    @Test
    void listsCidrGroupsByName() throws InterruptedException {
        var items = new ArrayList<JsonNode>();
        var none = given(api().cidrGroups("v2", "", Deadline.in(LONG), items::add));
        putGroup("partners");

        var list = given(api().cidrGroups("v2", "", Deadline.in(LONG), items::add));

        assertThat(none.get("items").isNull()).isTrue();
        assertThat(items).extracting(PeerApiContract::name).containsExactly("partners");
        assertThat(version(list)).matches("[0-9]+");
        assertThat(api().cidrGroups("v1", "", Deadline.in(LONG), items::add))
                .isInstanceOfSatisfying(Rejected.class, it -> assertThat(it.code()).isEqualTo(404));
    }

    @Test
    void listsPageByPageUntilThereIsNoMore() throws InterruptedException {
        for (int i = 0; i <= Requests.PAGE; i++) {
            put("listed-" + i, 80);
        }
        var names = new ArrayList<String>();

        var first = given(api().list(KIND, "", Deadline.in(LONG), it -> names.add(name(it))));
        var next = first.at("/metadata/continue").asText();
        assertThat(names).hasSize(Requests.PAGE);
        var last = given(api().list(KIND, next, Deadline.in(LONG), it -> names.add(name(it))));

        assertThat(last.at("/metadata/continue").asText()).isEmpty();
        assertThat(last.at("/metadata/resourceVersion").asText()).matches("[0-9]+");
        assertThat(names).doesNotHaveDuplicates().contains("listed-0", "listed-" + Requests.PAGE);
    }

    @Test
    void tellsWhatHappensAfterAListInOrder() throws InterruptedException {
        put("told", 80);
        var version = version(api().list(KIND, "", Deadline.in(LONG), _ -> {}));
        put("told", 81);
        delete("told");

        var told = new ArrayList<Told>();
        try (var stream = ((Opened) api().watch(KIND, version, LONG)).stream()) {
            while (told.size() < 3) {
                if (told.size() == 2) {
                    put("told", 82);
                }
                if (stream.next(Deadline.in(LONG)) instanceof Told event
                        && name(event.object()).equals("told")) {
                    told.add(event);
                }
            }
        }

        assertThat(told.get(0)).isInstanceOf(Told.Present.class);
        assertThat(told.get(1)).isInstanceOf(Told.Deleted.class);
        assertThat(told.get(2)).isInstanceOf(Told.Present.class);
        assertThat(told.stream().map(it -> Long.parseLong(version(it.object()))).toList())
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(it -> it > Long.parseLong(version));
    }

    /// Also what happens just when one of them ends.
    @Test
    void tellsAllToWatchesThatFollowOneAnother() throws InterruptedException {
        var progress = version(api().list(KIND, "", Deadline.in(LONG), _ -> {}));
        var enough = new CountDownLatch(1);
        var writer = Thread.startVirtualThread(() -> putOneAfterTheOther(enough));

        var told = new LinkedHashSet<String>();
        try {
            for (int i = 0; i < 3; i++) {
                progress = follow(progress, told);
            }
        } finally {
            enough.countDown();
            writer.join();
        }

        var first = IntStream.range(0, told.size()).mapToObj(it -> "next-" + it).toList();
        assertThat(told).hasSizeGreaterThan(20).containsExactlyElementsOf(first);
    }

    /// Until the watch is over.
    ///
    /// @return where the next begins
    private String follow(String since, Set<String> told) throws InterruptedException {
        var progress = new Progress(since);
        try (var stream = ((Opened) api().watch(KIND, since, SHORTEST)).stream()) {
            while (true) {
                switch (stream.next(Deadline.in(LONG))) {
                    case Told event -> {
                        assertThat(progress.isBroken(event)).isFalse();
                        progress = new Progress(version(event.object()));
                        if (event instanceof Told.Present
                                && name(event.object()).startsWith("next-")) {
                            told.add(name(event.object()));
                        }
                    }
                    case Over over -> {
                        assertThat(over).isInstanceOf(Over.Closed.class);
                        return progress.resourceVersion();
                    }
                }
            }
        }
    }

    private void putOneAfterTheOther(CountDownLatch enough) {
        try {
            for (int i = 0; !enough.await(5, TimeUnit.MILLISECONDS); i++) {
                put("next-" + i, 80);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void endsAWatchWhenItIsTime() throws InterruptedException {
        var version = version(api().list(KIND, "", Deadline.in(LONG), _ -> {}));

        try (var stream = ((Opened) api().watch(KIND, version, SHORT)).stream()) {
            WatchEvent event = stream.next(Deadline.in(LONG));
            while (event instanceof Told) {
                event = stream.next(Deadline.in(LONG));
            }
            assertThat(event).isInstanceOf(Over.Closed.class);
        }
    }

    @Test
    void doesNotTellWhatItHasForgotten() throws InterruptedException {
        put("forgotten", 80);
        forget();

        var ended =
                switch (api().watch(KIND, "1", SHORT)) {
                    case Declined(Rejected rejected) -> rejected.code() == 410;
                    case Opened(var stream) -> {
                        try (stream) {
                            yield stream.next(Deadline.in(LONG)) instanceof Over.Expired;
                        }
                    }
                    case Declined _ -> false;
                };

        assertThat(ended).isTrue();
    }

    /// History before now.
    abstract void forget();

    private static PolicyKey key(String name) {
        return new PolicyKey(KIND, "default", name);
    }

    private static JsonNode given(Answer answer) {
        return ((Given) answer).json();
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    private static String version(Answer list) {
        return version(given(list));
    }

    private static String version(JsonNode object) {
        return object.at("/metadata/resourceVersion").asText();
    }
}
