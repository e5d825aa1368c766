package mesh.lockstep.peers;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import mesh.lockstep.apiserver.BadAnswers;
import mesh.lockstep.apiserver.CannedClient;
import mesh.lockstep.apiserver.FairTime;
import mesh.lockstep.apiserver.Intake;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.LogLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a peer answers, it is known what is known of it: of the policy `default/a`.
class BadAnswersTest {

    private static final PolicyKey A = new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", "a");

    static List<BadInput> cases() {
        return BadInput.of("answers");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void answers(BadInput input) {
        var api =
                new PeerApi(
                        new CannedClient(BadAnswers.of(input)), BadAnswers.SERVER, Intake.ofHeap());
        var expected = input.answer().textValue();
        try (var log = LogLines.captured();
                var peer = watched(api)) {
            if (input.tree().has("get")) {
                assertThat(answer(peer.ask(A, Deadline.in(Duration.ofSeconds(5)))))
                        .isEqualTo(expected);
            } else {
                await().pollInterval(5, MILLISECONDS)
                        .atMost(10, SECONDS)
                        .untilAsserted(
                                () -> assertThat(answer(peer.recall(A))).isEqualTo(expected));
            }
            assertThat(peer.status().toString()).doesNotContain(BadInput.SECRET);
            assertThat(log.lines()).noneMatch(it -> it.contains(BadInput.SECRET));
        }
    }

    @Test
    void knowsManyCases() {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(150);
    }

    private static WatchedPeer watched(PeerApi api) {
        return new WatchedPeer(
                new ClusterName("east"),
                api,
                new PolicyReader(),
                Validity.UNKNOWN,
                new FairTime(Settings.quick().askTimeout()),
                Settings.surroundings());
    }

    private static String answer(PeerView view) {
        return switch (view) {
            case PeerView.Holds(_, _, var revision) -> "holds revision " + revision;
            case PeerView.Lacks _ -> "lacks";
            case PeerView.Apart _ -> "its own affair";
            case PeerView.Unknown(_, var cause) -> cause;
        };
    }

    private static String answer(LiveAnswer answer) {
        return switch (answer) {
            case LiveAnswer.Shown(_, var policy, _) ->
                    "shows revision " + policy.intent().revision();
            case LiveAnswer.NotFound _ -> "not found";
            case LiveAnswer.Silent(_, var cause) -> cause;
            case LiveAnswer.Deferred(_, var cause) -> cause;
        };
    }
}
