package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.PeerView.Apart;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.PeerView.Lacks;
import mesh.lockstep.rollout.PeerView.Unknown;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftRulesTest {

    private static final ClusterName ONE = new ClusterName("cluster1");
    private static final ClusterName TWO = new ClusterName("cluster2");
    private static final ClusterName THREE = new ClusterName("cluster3");
    private static final Duration WINDOW = Duration.ofMinutes(30);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final DriftRules rules = new DriftRules(ONE, WINDOW);
    private Optional<Condition> last = Optional.empty();
    private History history = History.NONE;

    /// What cluster1, where we are, and its two peers hold: a letter is a version, with its
    /// revision if it has one; `-` is nothing, `?` not known, `#` the peer's own affair; `~` before
    /// it: local.
    @ParameterizedTest
    @CsvSource({
        "A,  A,  A,  InSync",
        "A1, A2, A,  InSync",
        "A,  B,  B,  Diverged",
        "B,  A,  B,  Diverged",
        "A,  B,  C,  Diverged",
        "A2, A1, B1, Diverged",
        "-,  A,  A,  MissingHere",
        "-,  A,  -,  MissingHere",
        "A,  -,  A,  MissingThere",
        "A,  B,  -,  Diverged",
        "A,  ?,  A,  Unknown",
        "A,  ?,  B,  Diverged",
        "?,  A,  A,  Unknown",
        "-,  ?,  A,  MissingHere",
        "~A, B,  -,  Diverged",
        "~A1, B, -,  Exempt",
        "~A, -,  -,  Exempt",
        "~A, ?,  -,  Exempt",
        "A,  ~B, A,  InSync",
        "A,  ~B, ~C, Exempt",
        "-,  ~B, -,  Exempt",
        "A,  #,  A,  InSync",
        "A,  #,  #,  Exempt",
        "A,  #,  -,  MissingThere",
        "-,  #,  A,  MissingHere",
    })
    void namesWhatLastsTooLongForARollout(String one, String two, String three, String state) {
        judge(one, two, three, START);

        assertThat(judge(one, two, three, START.plus(WINDOW)).state().word()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({
        // At most two versions, of which absence may be one.
        "A,  B,  B,  RollingOut",
        "B,  A,  A,  RollingOut",
        "A,  -,  -,  RollingOut",
        "-,  A,  A,  RollingOut",
        "A,  B,  ?,  RollingOut",
        // One at the highest revision.
        "A2, B1, C1, RollingOut",
        "C1, B1, A2, RollingOut",
        "A2, B1, -,  RollingOut",
        // Neither.
        "A,  B,  C,  Diverged",
        "A1, B1, C,  Diverged",
        "A,  B,  -,  Diverged",
        "-,  A,  B,  MissingHere",
        // What is not compared with us makes no third version.
        "A,  B,  ~C, RollingOut",
    })
    void takesTwoVersionsForARolloutAsLongAsItIsYoung(
            String one, String two, String three, String state) {
        judge(one, two, three, START);

        assertThat(judge(one, two, three, START.plusSeconds(60)).state().word()).isEqualTo(state);
    }

    /// @param moves that were seen, in pairs of letters; small ones where nobody watched
    @ParameterizedTest
    @CsvSource({
        // A line of any length.
        "A,  B,  C,  AB BC,     RollingOut",
        "C,  B,  A,  AB BC,     RollingOut",
        "D,  A,  B,  AB BC CD,  RollingOut",
        "A,  C,  -,  AB BC,     RollingOut",
        // Forks, of two versions as well.
        "B,  C,  A,  AB AC,     Diverged",
        "B,  C,  C,  AB AC,     Diverged",
        "B,  C,  B,  AB AC,     Diverged",
        // Nothing is known of the third.
        "A,  B,  C,  AB,        Diverged",
        "A,  B,  A,  CD,        RollingOut",
        "A,  C,  A,  AB,        RollingOut",
        // One of the two may have come by way of the other.
        "B,  C,  C,  AB ac,     RollingOut",
        "B,  C,  C,  ab AC,     RollingOut",
        "B,  C,  A,  AB ac,     Diverged",
        "B,  C,  C,  AB ac AC,  Diverged",
        // On a line, by whatever way.
        "A,  B,  C,  ab bc,     RollingOut",
    })
    void takesALineForARolloutAndAForkForDrift(
            String one, String two, String three, String moves, String state) {
        seen(moves);
        judge(one, two, three, START);

        assertThat(judge(one, two, three, START.plusSeconds(60)).state().word()).isEqualTo(state);
    }

    @Test
    void saysWhoIsAhead() {
        seen("AB BC");
        var condition = judge("B", "C", "A", START);

        assertThat(condition.with(TWO).orElseThrow().cause()).isEqualTo("cluster2 is ahead");
        assertThat(condition.with(THREE).orElseThrow().cause()).isEqualTo("cluster1 is ahead");
        assertThat(Sentence.of(TWO, condition.with(TWO).orElseThrow()))
                .isEqualTo(
                        "cluster2 differs, as expected during a rollout; cluster2 is" + " ahead");
    }

    private void seen(String moves) {
        for (int i = 0; i < moves.length(); i += 3) {
            var move = moves.substring(i, i + 2);
            var letters = move.toUpperCase(Locale.ROOT);
            var isWatched = letters.equals(move);
            history =
                    history.moved(print(letters.charAt(0)), print(letters.charAt(1)), 0, isWatched);
        }
    }

    private static Fingerprint print(char letter) {
        return holds(ONE, String.valueOf(letter)).version().fingerprint();
    }

    @Test
    void callsNothingDriftInTheFirstMoment() {
        assertThat(judge("A", "B", "C", START).state()).isEqualTo(State.ROLLING_OUT);
        assertThat(rules.review(last.orElseThrow())).contains(START.plusSeconds(2));

        assertThat(judge("A", "B", "C", START.plusSeconds(2)).state()).isEqualTo(State.DIVERGED);
    }

    /// The next rollout begins as soon as the last cluster has changed, and we hear of that last.
    @Test
    void allowsForARolloutThatFollowsAnotherAtOnce() {
        judge("A", "A", "A", START);
        judge("B", "B", "A", START.plusSeconds(10));

        var between = judge("C", "B", "A", START.plusSeconds(20));
        var heard = judge("C", "B", "B", START.plusSeconds(21));

        assertThat(between.state()).isEqualTo(State.ROLLING_OUT);
        assertThat(rules.review(between)).contains(START.plusSeconds(22));
        assertThat(heard.state()).isEqualTo(State.ROLLING_OUT);
        assertThat(rules.review(heard)).contains(START.plusSeconds(10).plus(WINDOW));
        assertThat(judge("C", "B", "A", START.plusSeconds(30)).state())
                .isEqualTo(State.ROLLING_OUT);
        assertThat(judge("C", "B", "A", START.plusSeconds(32)).state()).isEqualTo(State.DIVERGED);
    }

    @Test
    void isNotPatientOnceMoreWithWhatDriftedBeforeARestart() {
        judge("A", "B", "C", START);
        judge("A", "B", "C", START.plusSeconds(2));
        last = last.map(it -> Condition.of(it.key(), it.revision(), it.relations()));

        assertThat(judge("A", "B", "C", START.plusSeconds(60)).state()).isEqualTo(State.DIVERGED);
    }

    @Test
    void judgesARolloutAgainWhenItsTimeIsOver() {
        judge("A", "B", "B", START);
        judge("A", "B", "B", START.plusSeconds(2));

        assertThat(rules.review(last.orElseThrow())).contains(START.plus(WINDOW));
    }

    @Test
    void remembersForEachPeerSinceWhenItDiffers() {
        judge("A", "A", "B", START);
        judge("A", "C", "B", START.plusSeconds(10));

        var condition = judge("A", "D", "B", START.plusSeconds(20));

        assertThat(condition.with(TWO).orElseThrow().firstSeen()).contains(START.plusSeconds(10));
        assertThat(condition.with(THREE).orElseThrow().firstSeen()).contains(START);
        assertThat(condition.firstSeen()).contains(START);
    }

    @Test
    void beginsAnewAfterAgreement() {
        judge("A", "B", "A", START);
        judge("A", "A", "A", START.plusSeconds(10));

        assertThat(judge("A", "B", "A", START.plusSeconds(20)).firstSeen())
                .contains(START.plusSeconds(20));
    }

    @Test
    void goesOnCountingWhereAPeerThatDifferedWasAway() {
        judge("A", "A", "B", START);
        assertThat(judge("A", "A", "?", START.plusSeconds(10)).state()).isEqualTo(State.UNKNOWN);

        assertThat(judge("A", "A", "B", START.plus(WINDOW)).state()).isEqualTo(State.DIVERGED);
    }

    @Test
    void doesNotCountTheTimeInWhichAPeerThatAgreedWasAway() {
        judge("A", "A", "A", START);
        judge("A", "A", "?", START.plusSeconds(10));

        assertThat(judge("A", "A", "B", START.plus(WINDOW)).state()).isEqualTo(State.ROLLING_OUT);
    }

    @Test
    void saysWhyItDoesNotKnow() {
        assertThat(judge("A", "?", "A", START).with(TWO).orElseThrow().cause())
                .isEqualTo("connection refused");
        assertThat(judge("?", "A", "A", START).with(TWO).orElseThrow().cause())
                .isEqualTo("here: connection refused");
    }

    @Test
    void forgetsWhatNobodyHas() {
        judge("A", "A", "-", START);

        assertThat(judged("-", "-", "-", START)).isEmpty();
        assertThat(judged("-", "?", "-", START)).isPresent();
        last = Optional.empty();
        assertThat(judged("-", "?", "-", START)).isEmpty();
    }

    private Condition judge(String one, String two, String three, Instant now) {
        last = judged(one, two, three, now);
        return last.orElseThrow();
    }

    private Optional<Condition> judged(String one, String two, String three, Instant now) {
        var peers = new ArrayList<PeerView>(List.of(view(TWO, two), view(THREE, three)));
        return rules.judge(Policies.KEY, view(ONE, one), peers, history, last, now);
    }

    private static PeerView view(ClusterName peer, String text) {
        return switch (text) {
            case "-" -> new Lacks(peer);
            case "?" -> new Unknown(peer, "connection refused");
            case "#" -> new Apart(peer);
            default -> holds(peer, text);
        };
    }

    private static Holds holds(ClusterName peer, String text) {
        var members = text.startsWith("~") ? new Members.Local() : new Members.All();
        var letter = text.replace("~", "").charAt(0);
        var digest = Policies.withPort(letter).meaning().digest();
        var revision = text.replaceAll("[^0-9]", "");
        return new Holds(
                peer,
                new Version(digest, members),
                Revision.parse(revision, Instant.now()).orElse(Revision.NONE));
    }
}
