package mesh.lockstep.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.ReadingRoom;
import org.junit.jupiter.api.Test;

/// A page is cut into its items however its bytes come, and no item takes more room than it may.
class ListPageTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private static final String PAGE =
            """
            {"kind":"items:[", "metadata": {"items":[{"x":1}],"resourceVersion":"7"},
             "items" : [ {"spec":"a]}\\\\\\"[{,"}, {"spec":[[{}],{"items":[0]}]} ,{}, {"spec":"\u00fc"} ],
             "more":{"items":[{}]}}""";

    private final Intake intake =
            new Intake(
                    new ReadingRoom(4L * Intake.LARGEST),
                    new ReadingRoom(ReadingRoom.worst(Intake.LARGEST, 1)),
                    new Semaphore(1, true));

    private record Read(List<String> items, String around) {}

    @Test
    void isTheSameHoweverItIsCut() throws IOException, InterruptedException {
        var whole = read(PAGE, PAGE.length() * 2);

        assertThat(whole.items())
                .containsExactly(
                        "{\"spec\":\"a]}\\\\\\\"[{,\"}",
                        "{\"spec\":[[{}],{\"items\":[0]}]}",
                        "{}",
                        "{\"spec\":\"\u00fc\"}");
        assertThat(whole.around())
                .isEqualTo("{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[0,0,0,0]}");
        for (int size = 1; size < PAGE.length(); size++) {
            assertThat(read(PAGE, size)).isEqualTo(whole);
        }
    }

    /// What an item does to its reader costs that item, and none of those next to it.
    @Test
    void outlinesAnItemThatIsLargerThanAnObjectMayBe() throws IOException, InterruptedException {
        var large =
                "{\"metadata\":{\"name\":\"a\"},\"spec\":\"" + "x".repeat(Intake.LARGEST) + "\"}";
        var page = "{\"items\":[{\"spec\":1}," + large + ",{\"spec\":2}]}";

        var whole = read(page, page.length());

        assertThat(whole.items()).hasSize(3).startsWith("{\"spec\":1}").endsWith("{\"spec\":2}");
        assertThat(whole.items().get(1))
                .startsWith(
                        "{\"metadata\":{\"name\":\"a\"},\"spec\":\"too large or too deep to be read, SHA-256 ");
        assertThat(read(page, 10_000)).isEqualTo(whole);
        assertThat(isFree()).isTrue();
    }

    /// Nobody keeps us busy with one object, nor keeps a place for what is never whole.
    @Test
    void followsALargeObjectToSomeEndWithoutAPlace() throws IOException, InterruptedException {
        try (var document = document(intake)) {
            add(document, "{\"metadata\":{\"name\":\"a\"},\"spec\":[");
            var zeros = "0,".repeat(Intake.LARGEST / 2);
            add(document, "0,".repeat(ReadingRoom.ORDINARY));
            assertThat(isFree()).isFalse();
            add(document, zeros);
            assertThat(isFree()).isTrue();

            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 64; i++) {
                                    add(document, zeros);
                                }
                            })
                    .isInstanceOf(TooMuchException.class)
                    .hasMessage("an object of more than 64 MiB");
        }
    }

    @Test
    void takesNoMoreBytesThanAPageMayHave() throws IOException, InterruptedException {
        var item = "{\"spec\":\"" + "x".repeat(600_000) + "\"}";
        assertThat(read("{\"items\":[" + item + "]}", 1_000, 1 << 20).items()).hasSize(1);

        assertThatThrownBy(() -> read("{\"items\":[" + item + "," + item + "]}", 1_000, 1 << 20))
                .isInstanceOf(TooMuchException.class)
                .hasMessage("a page of more than 1 MiB");
    }

    @Test
    void takesNoMoreItemsThanWereAskedFor() throws IOException, InterruptedException {
        assertThat(read("{\"items\":[{},{},{},{}]}", 1_000).items()).hasSize(4);

        assertThatThrownBy(() -> read("{\"items\":[{},{},{},{},{}]}", 1_000))
                .isInstanceOf(TooMuchException.class)
                .hasMessage("a page of more items than asked for");
    }

    /// Two of another peer have all places; a peer has one at a time.
    @Test
    void takesAPlaceForALargeItemAndGivesItBack() throws IOException, InterruptedException {
        var large = "{\"spec\":\"" + "x".repeat(ReadingRoom.ORDINARY) + "\"}";
        try (var first = document(intake.ofPeer());
                var second = document(intake.ofPeer())) {
            add(first, large);
            add(second, large);
            assertThat(isFree()).isFalse();

            var other = intake.ofPeer();
            try (var third = document(other)) {
                third.within(Deadline.in(Duration.ofMillis(1)));
                assertThatThrownBy(() -> add(third, large))
                        .hasMessage("no room to read it in time");
            }
            assertThat(other.large().availablePermits()).isEqualTo(1);
        }
        assertThat(isFree()).isTrue();
        assertThat(read("{\"items\":[" + large + "," + large + "]}", 1_000).items()).hasSize(2);
        assertThat(isFree()).isTrue();
    }

    @Test
    void takesAPlaceForTheTreeOfALargeDocumentUntilTheNextIsBegun()
            throws IOException, InterruptedException {
        try (var document = document(intake)) {
            add(document, "[" + " ".repeat(ReadingRoom.ORDINARY) + "]");
            document.read(Keep.WHOLE);
            assertThat(isFree(intake.trees())).isFalse();

            document.clear();
            assertThat(isFree(intake.trees())).isTrue();
            add(document, "[]");
            document.read(Keep.WHOLE);
            assertThat(isFree(intake.trees())).isTrue();
        }
    }

    @Test
    void letsAPeerHaveOneLargeDocumentAtATime() throws IOException, InterruptedException {
        var large = "x".repeat(ReadingRoom.ORDINARY + 1);
        try (var first = document(intake);
                var second = document(intake)) {
            add(first, large);
            second.within(Deadline.in(Duration.ofMillis(1)));

            assertThatThrownBy(() -> add(second, large)).hasMessage("no room to read it in time");
        }
    }

    /// It would keep its place from others.
    @Test
    void waitsNoLongerForTheRestOfALargeDocumentThanForAnOrdinaryOne()
            throws IOException, InterruptedException {
        try (var document = document(intake)) {
            add(document, "x");
            assertThat(document.deadline().left()).isGreaterThan(Intake.LONGEST);

            add(document, "x".repeat(ReadingRoom.ORDINARY));
            assertThat(document.deadline().left()).isLessThanOrEqualTo(Intake.LONGEST);
        }
    }

    private Read read(String page, int size) throws IOException, InterruptedException {
        return read(page, size, Long.MAX_VALUE);
    }

    private Read read(String page, int size, long most) throws IOException, InterruptedException {
        var items = new ArrayList<JsonNode>();
        var bytes = page.getBytes(UTF_8);
        try (var list = new ListPage(intake, Keep.POLICY, most, 4, items::add, Deadline.in(LONG))) {
            for (int from = 0; from < bytes.length; from += size) {
                list.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
            }
            var around = list.around().toString();
            return new Read(items.stream().map(JsonNode::toString).toList(), around);
        }
    }

    private static Document document(Intake intake) {
        return Document.ofObject(intake, Keep.POLICY, Deadline.in(LONG));
    }

    private static void add(Document document, String text)
            throws IOException, InterruptedException {
        document.add(text.getBytes(UTF_8), 0, text.length());
    }

    private boolean isFree() {
        return isFree(intake.texts()) && intake.large().availablePermits() == 1;
    }

    private static boolean isFree(ReadingRoom room) {
        try {
            var seat = room.tryEnter(Long.MAX_VALUE / 2, Deadline.in(Duration.ZERO));
            seat.ifPresent(ReadingRoom.Seat::close);
            return seat.isPresent();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
