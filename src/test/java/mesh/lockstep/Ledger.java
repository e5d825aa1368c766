package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.rollout.History;
import mesh.lockstep.support.ClusterApi.Answer;
import org.jspecify.annotations.Nullable;

/// The record of one policy's history: every request with its answer, and what each cluster holds
/// by it. One request follows the other, so that is exactly what they hold, whatever the webhooks
/// remember.
final class Ledger {

    private static final Pattern WITNESS = Pattern.compile("(cluster\\d)[^\\[]* \\[(\\w+)]");

    /// What a cluster holds.
    record Copy(int spec, int revision) {}

    private final Map<String, Copy> held = new HashMap<>();
    private final Map<String, Copy> deleted = new HashMap<>();

    /// All that a webhook can have seen: none has forgotten less.
    private History history = History.NONE;

    private final List<String> entries = new ArrayList<>();

    Optional<Copy> heldIn(String cluster) {
        return Optional.ofNullable(held.get(cluster));
    }

    List<Copy> copies() {
        return List.copyOf(held.values());
    }

    /// One of the copies at the highest revision.
    Optional<Copy> newest() {
        return held.values().stream().max(Comparator.comparingInt(Copy::revision));
    }

    /// Something that is not a request.
    void note(String entry) {
        entries.add(entry);
    }

    void recordApply(String cluster, Copy copy, Answer answer) {
        record("apply " + copy, cluster, answer);
        if (answer.succeeded()) {
            var before = origin(cluster);
            if (before != null) {
                history = history.moved(print(before), print(copy), 0);
            }
            held.put(cluster, copy);
        }
    }

    void recordDelete(String cluster, Answer answer) {
        record("delete", cluster, answer);
        var copy = held.get(cluster);
        if (answer.succeeded() && copy != null) {
            deleted.put(cluster, copy);
            held.remove(cluster);
        }
    }

    /// What is created comes from what was deleted.
    private @Nullable Copy origin(String cluster) {
        var copy = held.get(cluster);
        return copy == null ? deleted.get(cluster) : copy;
    }

    private static Fingerprint print(Copy copy) {
        return new Fingerprint(copy.spec(), copy.spec());
    }

    void record(String request, String cluster, Answer answer) {
        entries.add("%s: %s -> %d %s".formatted(cluster, request, answer.code(), answer.message()));
    }

    /// Whether the rules refuse the write if everything that is held is known, and nothing
    /// forgotten.
    boolean isConflict(String here, Copy copy) {
        var before = origin(here);
        return !copy.equals(before)
                && peersOf(here)
                        .anyMatch(
                                theirs ->
                                        isAgainst(before, copy, theirs)
                                                && !isOnTheLine(before, copy, theirs))
                && (!isJoining(here, copy) || isBehind(here, copy));
    }

    /// Whether a peer has the same. A webhook that does not know that yet may rightly refuse the
    /// write.
    boolean isJoining(String here, Copy copy) {
        return peersOf(here).anyMatch(copy::equals);
    }

    /// A refusal is 403, never meets a write that keeps what counts, and names a cluster that holds
    /// at this moment what the refusal says.
    void checkRefusal(String here, Copy copy, Answer answer) {
        assertThat(answer.code()).as("a refusal\n%s", this).isEqualTo(403);
        assertThat(heldIn(here)).as("keeps what counts\n%s", this).isNotEqualTo(Optional.of(copy));
        var named = WITNESS.matcher(answer.message());
        assertThat(named.find()).as("names a witness\n%s", this).isTrue();
        assertThat(named.group(1)).as("a peer\n%s", this).isNotEqualTo(here);
        assertThat(heldIn(named.group(1)))
                .as("what the witness holds\n%s", this)
                .hasValueSatisfying(
                        theirs -> {
                            assertThat(isAgainst(held.get(here), copy, theirs)).isTrue();
                            assertThat(named.group(2))
                                    .isEqualTo(
                                            theirs.revision() > copy.revision()
                                                    ? "Newer"
                                                    : "Differs");
                        });
    }

    private Stream<Copy> peersOf(String here) {
        return held.entrySet().stream()
                .filter(it -> !it.getKey().equals(here))
                .map(Map.Entry::getValue);
    }

    private boolean isBehind(String here, Copy copy) {
        return peersOf(here)
                .anyMatch(it -> it.spec() != copy.spec() && it.revision() > copy.revision());
    }

    /// Behind or ahead at the same revision, as far as all that was seen tells.
    private boolean isOnTheLine(@Nullable Copy before, Copy copy, Copy theirs) {
        return theirs.revision() == copy.revision()
                && ((before != null && history.isBefore(print(theirs), print(before)))
                        || history.isBefore(print(theirs), print(copy))
                        || history.isBefore(print(copy), print(theirs)));
    }

    /// Newer than the copy, or a third version besides it and the one it replaces.
    private static boolean isAgainst(@Nullable Copy before, Copy copy, Copy theirs) {
        return theirs.spec() != copy.spec()
                && (theirs.revision() > copy.revision()
                        || (theirs.revision() == copy.revision()
                                && (before == null || before.spec() != theirs.spec())));
    }

    @Override
    public String toString() {
        return held + "\n" + String.join("\n", entries);
    }
}
