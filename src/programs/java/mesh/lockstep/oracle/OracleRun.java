package mesh.lockstep.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import mesh.lockstep.oracle.Answer.Outcome;
import mesh.lockstep.oracle.Oracle.Asked;
import mesh.lockstep.oracle.StoredPairs.Stored;
import mesh.lockstep.support.Program;

/// Our reading of policies against Cilium's own, asked now. Started by `make oracle`, `make
/// oracle-corpus` and `make oracle-stored`.
final class OracleRun {

    public static void main(String... parts) {
        new Program()
                .part("random-any", OracleRun::agreesOnRandomPairs)
                .part("random-meetings", OracleRun::agreesOnRulesThatMeet)
                .part("random-nestings", OracleRun::agreesOnPeersWithinPeers)
                .part("corpus", OracleRun::agreesWithWhatIsStored)
                .part("corpus-files", OracleRun::agreesWithTheFiles)
                .part("store", OracleRun::storesAnswers)
                .part("store-meetings", OracleRun::storesRulesThatMeet)
                .part("store-nestings", OracleRun::storesPeersWithinPeers)
                .run(parts);
    }

    /// Pairs of each kind, for each seed.
    private static final long PAIRS = Long.getLong("oracle.pairs", 100_000);

    /// Pairs after which a run says what it found so far.
    private static final int TOLD = 10_000;

    private static final List<Long> SEEDS =
            Stream.of(System.getProperty("oracle.seeds", "1 2 3").split(" "))
                    .map(Long::valueOf)
                    .toList();

    private static final long STORED_SEED = 20;
    private static final int STORED = 2000;
    private static final int STORED_APART = 400;
    private static final int SHRUNK = 20;
    private static final int ASKED_AGAIN = 20;
    private static final Path TARGET = Path.of("target/oracle");

    private static void agreesOnRandomPairs() throws Exception {
        agreesOn("seed-", Pair::random, Pair::differOnlyAsWritten);
    }

    private static void agreesOnRulesThatMeet() throws Exception {
        agreesOn("meetings-", RandomMeetings::pair, Pair::differOnlyAsWritten);
    }

    private static void agreesOnPeersWithinPeers() throws Exception {
        agreesOn("nestings-", RandomNestings::pair, RandomNestings::isExplained);
    }

    /// Draws a pair.
    private interface Draw {
        Pair pair(long seed, long index);
    }

    private static void agreesOn(String name, Draw draw, Predicate<Pair> isExplained)
            throws Exception {
        var disagreements = 0;
        for (var seed : SEEDS) {
            disagreements += judge(name + seed, it -> draw.pair(seed, it), isExplained);
        }
        assertThat(disagreements).as("see target/oracle").isZero();
    }

    private static int judge(String name, LongFunction<Pair> draw, Predicate<Pair> isExplained)
            throws Exception {
        var began = System.nanoTime();
        Consumer<Tally> told = it -> tell(name, it, Duration.ofNanos(System.nanoTime() - began));
        var tally = new Lanes(draw, isExplained, PAIRS, told).judge();
        var shrinking = new ArrayList<Tally.Case>();
        try (var oracle = new Oracle()) {
            for (var found : tally.disagreements().stream().limit(SHRUNK).toList()) {
                shrinking.add(new Shrinking(oracle, tally).smallest(found));
            }
        }
        Tally.write(TARGET.resolve(name + "-smallest.jsonl"), shrinking);
        return tally.disagreements().size();
    }

    /// What was found so far stays when somebody ends the run.
    private static void tell(String name, Tally tally, Duration took) {
        if (tally.pairs() % TOLD == 0 || tally.pairs() == PAIRS) {
            report(name + " " + tally + "; " + perMinute(tally.pairs(), took) + " pairs a minute");
            Tally.write(TARGET.resolve(name + "-disagreements.jsonl"), tally.disagreements());
            Tally.write(TARGET.resolve(name + "-said-same.jsonl"), tally.beyond());
        }
    }

    /// Judges what is stored again. Where the order of Cilium's maps decides, it may say one thing
    /// now and another then: what was stored has to come again when it is asked some times.
    private static void agreesWithWhatIsStored() {
        for (var file : StoredPairsTest.files()) {
            var stored = StoredPairs.read(file);
            var left = new ArrayList<>(stored);
            for (int i = 0; i < ASKED_AGAIN && !left.isEmpty(); i++) {
                var again = judged(left.stream().map(Stored::pair).toList());
                assertThat(again).hasSameSizeAs(left);
                left.removeAll(new HashSet<>(again));
            }
            report(file.getFileName() + ": " + stored.size() + " pairs judged again");
            assertThat(left).as(file.toString()).isEmpty();
        }
    }

    /// The files under `equality/` say by their names what Cilium makes of them.
    private static void agreesWithTheFiles() {
        var counts = new EnumMap<Outcome, Integer>(Outcome.class);
        var wrong = new ArrayList<String>();
        var asked = Corpus.entries().stream().map(it -> new Asked<>(it, it.question()));
        try (var oracle = new Oracle()) {
            oracle.askAll(
                    asked.iterator(),
                    (entry, answer) -> {
                        var outcome = answer.against(entry.same());
                        counts.merge(outcome, 1, Integer::sum);
                        var explained = outcome == Outcome.FALSE_DIFFERENCE && entry.explained();
                        if (outcome.disagreement() && !explained) {
                            wrong.add(entry.file() + ": " + answer);
                        }
                    });
        }
        counts.forEach((outcome, count) -> report("equality: " + count + " " + outcome.words()));
        assertThat(wrong).isEmpty();
    }

    private static void storesAnswers() {
        store(StoredPairs.RANDOM, Pair::random, STORED);
        var given = StoredPairs.read(StoredPairs.MUTATED);
        StoredPairs.write(StoredPairs.MUTATED, judged(given.stream().map(Stored::pair).toList()));
    }

    private static void storesRulesThatMeet() {
        store(StoredPairs.MEETINGS, RandomMeetings::pair, STORED_APART);
    }

    private static void storesPeersWithinPeers() {
        store(StoredPairs.NESTINGS, RandomNestings::pair, STORED_APART);
    }

    private static void store(Path file, Draw draw, int pairs) {
        var drawn = LongStream.range(0, pairs).mapToObj(it -> draw.pair(STORED_SEED, it));
        StoredPairs.write(file, judged(drawn.toList()));
    }

    private static List<Stored> judged(List<Pair> pairs) {
        var judged = new ArrayList<Stored>();
        try (var oracle = new Oracle()) {
            var asked = pairs.stream().map(it -> new Asked<>(it, it.question())).iterator();
            oracle.askAll(asked, (pair, answer) -> judged.add(Stored.of(pair, answer)));
        }
        return judged;
    }

    private static long perMinute(long pairs, Duration took) {
        return pairs * 60_000 / Math.max(1, took.toMillis());
    }

    @SuppressWarnings("SystemOut")
    private static void report(String line) {
        System.out.println(line);
    }
}
