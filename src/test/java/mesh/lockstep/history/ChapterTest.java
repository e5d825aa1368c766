package mesh.lockstep.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.History;
import mesh.lockstep.rollout.Trace;
import org.junit.jupiter.api.Test;

class ChapterTest {

    private static final Fingerprint READING = Fingerprint.of("a reading");

    private final Random random = new Random(1);

    @Test
    void isReadAsItWasWritten() {
        var histories = new HashMap<Fingerprint, History>();
        histories.put(any(), History.NONE.here(trace(), 1, true));
        var held = History.NONE.here(trace(), 1, true);
        histories.put(any(), held.here(Optional.empty(), 2, true));
        histories.put(any(), held.here(Optional.empty(), 2, false));
        histories.put(
                any(),
                History.NONE.here(trace(), 1, true).here(trace(), 2, true).here(trace(), 3, true));
        histories.put(any(), moved(History.MOST).settled(1_000).moved(any(), any(), 2_000));
        histories.put(any(), History.NONE.moved(any(), any(), 1, false));

        assertThat(read(Chapter.write(READING, histories))).contains(histories);
    }

    @Test
    void isWorthNothingToAnotherReading() {
        var written = Chapter.write(READING, Map.of(any(), moved(2)));

        assertThat(Chapter.read(written, Fingerprint.of("another"))).isEmpty();
    }

    /// Anyone who may write ConfigMaps may write anything.
    @Test
    void whatIsNotOursIsNotRead() {
        var written = Chapter.write(READING, Map.of(any(), moved(3)));

        assertThat(read(new byte[0])).isEmpty();
        for (int length = 1; length < written.length; length++) {
            assertThat(read(Arrays.copyOf(written, length)).orElse(Map.of())).isEmpty();
        }
        var many = written.clone();
        many[many.length - 3 * 41 - 1] = 127;
        assertThat(read(many)).isEmpty();
        for (int i = 0; i < 10_000; i++) {
            var changed = written.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            read(changed);
        }
    }

    /// 3,000 policies in one rollout, each with two commits, and 20,000 others.
    @Test
    void hasRoomForALargeRollout() {
        var histories = new HashMap<Fingerprint, History>();
        for (int i = 0; i < 3_000 / Chapter.NUMBER; i++) {
            histories.put(any(), moved(3).here(trace(), 1, true));
        }
        for (int i = 0; i < 20_000 / Chapter.NUMBER; i++) {
            histories.put(any(), History.NONE.here(trace(), 1, true));
        }

        var written = Chapter.write(READING, histories);

        assertThat(written).hasSizeLessThan(Chapter.MOST_BYTES / 3);
        assertThat(read(written)).contains(histories);
    }

    @Test
    void ofTooMuchKeepsWhatMovedLast() {
        var histories = new HashMap<Fingerprint, History>();
        for (int i = 0; i < 5_000; i++) {
            histories.put(any(), moved(History.MOST).here(trace(), 1, true));
        }
        var latest = any();
        histories.put(
                latest, moved(History.MOST).moved(any(), any(), 10_000).here(trace(), 1, true));

        var written = Chapter.write(READING, histories);

        var read = read(written).orElseThrow();
        assertThat(written.length).isLessThanOrEqualTo(Chapter.MOST_BYTES);
        assertThat(read).hasSize(histories.size());
        assertThat(read.get(latest)).isEqualTo(histories.get(latest));
        assertThat(read.values()).anyMatch(it -> it.moves().isEmpty());
    }

    @Test
    void isSpreadEvenly() {
        var numbers = new ArrayList<Integer>();
        for (int i = 0; i < 8_000; i++) {
            numbers.add(Chapter.of(Fingerprint.of("policy-" + i)));
        }

        for (int chapter = 0; chapter < Chapter.NUMBER; chapter++) {
            int number = chapter;
            assertThat(numbers.stream().filter(it -> it == number).count()).isBetween(800L, 1_200L);
        }
    }

    private static Optional<Map<Fingerprint, History>> read(byte[] written) {
        return Chapter.read(written, READING);
    }

    private History moved(int times) {
        var history = History.NONE;
        for (int i = 0; i < times; i++) {
            history = history.moved(any(), any(), i + 1L);
        }
        return history;
    }

    private Optional<Trace> trace() {
        return Optional.of(
                new Trace(any(), random.nextLong(), new Revision(random.nextInt(1_000))));
    }

    private Fingerprint any() {
        return new Fingerprint(random.nextLong(), random.nextLong());
    }
}
