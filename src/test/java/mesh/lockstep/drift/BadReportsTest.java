package mesh.lockstep.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.LogLines;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever lies where our reports lie, no more of it is believed than what we may have written.
class BadReportsTest {

    static List<BadInput> cases() {
        return BadInput.of("reports");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void answers(BadInput input) {
        var report = BadReports.report(input);
        var stored = new StoredReports(BadReports.NOW);

        try (var log = LogLines.captured()) {
            var unread = BadReports.read(stored, report, report.length + 100);

            assertThat(unread.isPresent() ? "unread" : answer(stored))
                    .isEqualTo(input.answer().textValue());
            assertThat(log.lines()).isEmpty();
        }
    }

    private static String answer(StoredReports stored) {
        if (stored.keys().isEmpty()) {
            return "none";
        }
        return stored.keys().stream()
                .map(PolicyKey::qualifiedName)
                .collect(Collectors.joining())
                .concat(
                        stored.conditions().stream()
                                .map(BadReportsTest::answer)
                                .collect(Collectors.joining()));
    }

    private static String answer(Condition condition) {
        return condition.relations().entrySet().stream()
                .map(
                        it ->
                                ": "
                                        + it.getKey()
                                        + " "
                                        + it.getValue().state().word()
                                        + it.getValue()
                                                .firstSeen()
                                                .map(since -> " since " + since)
                                                .orElse(""))
                .collect(Collectors.joining());
    }
}
