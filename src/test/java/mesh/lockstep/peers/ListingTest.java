package mesh.lockstep.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.apiserver.BadAnswers;
import mesh.lockstep.apiserver.CannedClient;
import mesh.lockstep.apiserver.CannedClient.Canned;
import mesh.lockstep.apiserver.Intake;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.policy.reading.Settings;
import mesh.lockstep.support.LogLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What no API server holds is not taken, and whatever a list is, it comes to an end.
class ListingTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final AtomicInteger pages = new AtomicInteger();
    private long most = Long.MAX_VALUE;
    private PolicyReader reader = new PolicyReader();

    @Test
    void endsAfterSoManyPages() throws InterruptedException {
        assertThat(cause(list(_ -> page("", "next"), LONG)))
                .isEqualTo("its list has more than 1,000 pages");
        assertThat(pages).hasValue(Listing.Pages.MOST);
    }

    @Test
    void endsWhenItsTimeIsOver() throws InterruptedException {
        assertThat(cause(list(_ -> page("", "next"), Duration.ZERO)))
                .isEqualTo("its list does not come to an end in time");
        assertThat(pages.get()).isLessThan(Listing.Pages.MOST);
    }

    @Test
    void remembersOfANamespaceNoMoreThanThereIsMemoryFor() throws InterruptedException {
        most = 100_000;

        givesUpTheDefaultNamespaceAlone(20, "");
    }

    /// 511 names are what a mesh may have, and they are what is kept.
    @Test
    void countsTheNamesOfMembersToo() throws InterruptedException {
        most = 1_000_000;
        var names =
                IntStream.range(0, 511)
                        .mapToObj(it -> "c" + it)
                        .collect(Collectors.joining(",", "\"lockstep.mesh/members\":\"", "\""));

        givesUpTheDefaultNamespaceAlone(2, names);
    }

    private void givesUpTheDefaultNamespaceAlone(int policies, String annotations)
            throws InterruptedException {
        var other = policies(0, 1, "").replace("\"default\"", "\"other\"");
        var listing =
                list(
                        it -> page(other + "," + policies(it, policies, annotations), next(it, 20)),
                        LONG);

        assertThat(listing)
                .isInstanceOfSatisfying(
                        Listing.Complete.class,
                        it -> {
                            assertThat(it.hoard().givenUp()).containsExactly("default");
                            assertThat(it.hoard().policies().keySet())
                                    .extracting(PolicyKey::namespace)
                                    .containsExactly("other");
                        });
    }

    private static String next(int page, int pages) {
        return page + 1 < pages ? "next" : "";
    }

    @Test
    void refusesAPeerThatHasTooManyNamespacesThatAreTooLarge() throws InterruptedException {
        most = 1;

        assertThat(
                        cause(
                                list(
                                        it ->
                                                page(
                                                        policies(it, 1, "")
                                                                        .replace(
                                                                                "default", "a" + it)
                                                                + ","
                                                                + policies(it, 1, "")
                                                                        .replace(
                                                                                "default",
                                                                                "b" + it),
                                                        "next"),
                                        LONG)))
                .isEqualTo("holds more policies than there is memory for");
    }

    @Test
    void takesTwentyPoliciesOf20000MembersForPoliciesThatDoNotSay() throws InterruptedException {
        var names =
                IntStream.range(0, 20_000)
                        .mapToObj(it -> "c" + it)
                        .collect(Collectors.joining(",", "\"lockstep.mesh/members\":\"", "\""));

        assertThat(list(_ -> page(policies(0, 20, names), ""), LONG))
                .isInstanceOfSatisfying(
                        Listing.Complete.class,
                        it ->
                                assertThat(it.hoard().policies().entrySet())
                                        .hasSize(20)
                                        .allSatisfy(
                                                entry ->
                                                        assertThat(
                                                                        entry.getValue()
                                                                                .weight(
                                                                                        entry
                                                                                                .getKey()))
                                                                .isLessThan(1_000)));
    }

    /// A bug of ours, here that nothing can be read at all, affects each object alone.
    @Test
    @SuppressWarnings({"NullAway", "NullOptional"}) // that is the fault
    void comparesAsItWasSentWhatCannotBeRead() throws InterruptedException {
        reader = new PolicyReader(Settings.DEFAULTS, null);
        try (var log = LogLines.captured()) {
            var first = (Listing.Complete) list(_ -> page(policies(0, 2, ""), ""), LONG);
            var again = (Listing.Complete) list(_ -> page(policies(0, 2, ""), ""), LONG);
            var other = (Listing.Complete) list(_ -> page(policies(1, 2, ""), ""), LONG);

            assertThat(first.hoard().policies()).hasSize(2).isEqualTo(again.hoard().policies());
            assertThat(first.hoard().policies().values())
                    .doesNotContainAnyElementsOf(other.hoard().policies().values());
            assertThat(
                            log.lines().stream()
                                    .filter(it -> it.contains("because of a bug in Lockstep")))
                    .hasSizeLessThanOrEqualTo(1)
                    .noneMatch(it -> it.contains("hunter2"));
        }
    }

    /// Whatever bound one policy breaks, the others are read as ever.
    @ParameterizedTest
    @ValueSource(strings = {"[", "7", "0,"})
    void comparesAsItWasSentWhatIsTooLargeOrTooDeep(String piece) throws InterruptedException {
        var first = (Listing.Complete) list(_ -> page(hardToRead(piece, 0), ""), LONG);
        var again = (Listing.Complete) list(_ -> page(hardToRead(piece, 0), ""), LONG);
        var other = (Listing.Complete) list(_ -> page(hardToRead(piece, 1), ""), LONG);

        assertThat(first.hoard().policies()).hasSize(3).isEqualTo(again.hoard().policies());
        assertThat(other.hoard().policies()).hasSize(3);
        var changed = new HashMap<>(first.hoard().policies());
        changed.entrySet().removeAll(other.hoard().policies().entrySet());
        assertThat(changed.keySet())
                .containsExactly(new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", "hard"));
    }

    /// A policy that breaks a bound, between two that break none.
    private static String hardToRead(String piece, int other) {
        var value =
                switch (piece) {
                    case "[" -> "[".repeat(1_000) + "]".repeat(1_000);
                    case "7" -> "7".repeat(1_000);
                    default -> "[" + piece.repeat(Intake.LARGEST / 2) + "0]";
                };
        return """
               %s,{"metadata":{"namespace":"default","name":"hard"},"spec":{"x":%s,"y":%d}},%s"""
                .formatted(policies(0, 1, ""), value, other, policies(1, 1, ""));
    }

    private interface Pages {
        String page(int number);
    }

    private Listing list(Pages list, Duration atMost) throws InterruptedException {
        var client =
                new CannedClient(
                        _ -> Canned.ok(list.page(pages.getAndIncrement()).getBytes(UTF_8)));
        var api = new PeerApi(client, BadAnswers.SERVER, Intake.ofHeap());
        var digesting = new Digesting(reader, new Pool(), false);
        var store =
                new DigestStore(
                        _ -> {},
                        (_, _, _, _) -> {},
                        most,
                        new MemoryAllowance(Long.MAX_VALUE).share());
        return Listing.of(
                api,
                Kind.CILIUM_NETWORK_POLICY,
                digesting,
                store::keepWithinBounds,
                Deadline.in(atMost),
                () -> {});
    }

    private static String cause(Listing listing) {
        return listing instanceof Listing.Failed(var trouble) ? trouble.cause() : "";
    }

    private static String policies(int page, int number, String annotations) {
        return IntStream.range(0, number)
                .mapToObj(
                        it ->
                                """
                                {"metadata":{"namespace":"default","name":"p-%d-%d",
                                "annotations":{%s}},"spec":{"description":"hunter2","x":[%d,%d]}}"""
                                        .formatted(page, it, annotations, page, it))
                .collect(Collectors.joining(","));
    }

    private static String page(String items, String next) {
        return """
               {"metadata":{"resourceVersion":"1","continue":"%s"},"items":[%s]}"""
                .formatted(next, items);
    }
}
