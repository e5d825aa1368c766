package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.Finding.Detached;
import mesh.lockstep.rollout.Finding.Differs;
import mesh.lockstep.rollout.Finding.Missing;
import mesh.lockstep.rollout.Finding.Newer;
import mesh.lockstep.rollout.Finding.Older;
import mesh.lockstep.rollout.Finding.Previous;
import mesh.lockstep.rollout.Finding.StillHeld;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EnforcementTest {

    private static final ClusterName PEER = new ClusterName("west");
    private static final Change CHANGE =
            new Change.Updated(Policies.withPort(1), Policies.withPort(2));

    @ParameterizedTest
    @CsvSource({
        // finding, strict, deny, warn, audit
        "newer,     DENY, DENY, WARN, AUDIT",
        "detached,  DENY, DENY, WARN, AUDIT",
        "older,     WARN, WARN, WARN, AUDIT",
        "differs,   DENY, DENY, WARN, AUDIT",
        "joining,   WARN, WARN, WARN, AUDIT",
        "previous,  DENY, WARN, WARN, AUDIT",
        "missing,   WARN, WARN, WARN, AUDIT",
        "stillHeld, WARN, WARN, WARN, AUDIT",
        "unknown,   WARN, WARN, WARN, AUDIT",
    })
    void takesEachFindingAsTheTableSays(
            String finding, Severity strict, Severity deny, Severity warn, Severity audit) {
        assertThat(severity(Level.STRICT, CHANGE, finding(finding))).isEqualTo(strict);
        assertThat(severity(Level.DENY, CHANGE, finding(finding))).isEqualTo(deny);
        assertThat(severity(Level.WARN, CHANGE, finding(finding))).isEqualTo(warn);
        assertThat(severity(Level.AUDIT, CHANGE, finding(finding))).isEqualTo(audit);
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void neverRefusesAnUpdateThatKeepsTheMeaning(Level level) {
        var unchanged = new Change.Updated(Policies.withPort(1), Policies.withPort(1));

        assertThat(severity(level, unchanged, new Differs(PEER, false, false)))
                .isNotEqualTo(Severity.DENY);
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void neverRefusesADeletion(Level level) {
        var deletion = new Change.Deleted(Policies.withPort(1));
        var closed = new Enforcement(level, Severity.DENY, Set.of());

        assertThat(closed.weigh(deletion, List.of(new Unknown(PEER, "gone"), new StillHeld(PEER))))
                .noneMatch(it -> it.severity() == Severity.DENY);
    }

    @Test
    void refusesTheUnknownWhereThatIsConfigured() {
        var closed = new Enforcement(Level.DENY, Severity.DENY, Set.of());
        var closedButWarning = new Enforcement(Level.WARN, Severity.DENY, Set.of());
        var unknown = List.<Finding>of(new Unknown(PEER, "gone"));

        assertThat(closed.weigh(CHANGE, unknown).getFirst().severity()).isEqualTo(Severity.DENY);
        assertThat(closedButWarning.weigh(CHANGE, unknown).getFirst().severity())
                .isEqualTo(Severity.WARN);
    }

    @Test
    void refusesToKeepTheUnknownQuiet() {
        assertThatThrownBy(() -> new Enforcement(Level.DENY, Severity.AUDIT, Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Severity severity(Level level, Change change, Finding finding) {
        return new Enforcement(level, Severity.WARN, Set.of())
                .weigh(change, List.of(finding))
                .getFirst()
                .severity();
    }

    private static Finding finding(String name) {
        return switch (name) {
            case "newer" -> new Newer(PEER, new Revision(7));
            case "detached" -> new Detached(PEER);
            case "older" -> new Older(PEER, Revision.NONE);
            case "differs" -> new Differs(PEER, false, false);
            case "joining" -> new Differs(PEER, true, false);
            case "previous" -> new Previous(PEER);
            case "missing" -> new Missing(PEER);
            case "stillHeld" -> new StillHeld(PEER);
            case "unknown" -> new Unknown(PEER, "gone");
            default -> throw new IllegalArgumentException(name);
        };
    }
}
