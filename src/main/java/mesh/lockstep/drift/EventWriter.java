package mesh.lockstep.drift;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.State;

/// The events on policies here: the first time that one drifts, and that it is mended. The same
/// again, while the API server remembers it, is counted in the event that is there.
///
/// For one thread.
final class EventWriter {

    private static final int CONFLICT = 409;

    /// Others may have written any number.
    private static final int MAX_COUNT = 1_000_000;

    private final OwnApi api;
    private final Problems problems;
    private final String instance;
    private final InstantSource clock;
    private final WriteAllowance allowance = new WriteAllowance(25, 1);
    private final Map<PolicyKey, Instant> announced = new HashMap<>();

    /// Announces by this API server.
    ///
    /// @param instance which replica we are
    EventWriter(OwnApi api, Problems problems, String instance, InstantSource clock) {
        this.api = api;
        this.problems = problems;
        this.instance = instance;
        this.clock = clock;
    }

    /// What drifted before a restart was announced then.
    void remember(Condition condition) {
        if (isDriftHere(condition)) {
            announced.put(condition.key(), since(condition));
        }
    }

    /// Whether an event may be written now.
    boolean mayWrite() {
        return allowance.hasRoom(clock.instant());
    }

    /// Whether there is something to say of it.
    boolean isDue(Condition condition) {
        var known = announced.containsKey(condition.key());
        return known ? isMended(condition) : isDriftHere(condition);
    }

    /// Says what there is to say.
    ///
    /// @param uid of the policy here; empty if it is not here
    /// @return whether there is nothing more to say
    boolean publish(Condition condition, Optional<String> uid) throws InterruptedException {
        var key = condition.key();
        if (uid.isEmpty()) {
            announced.remove(key);
            return true;
        }
        if (!isDue(condition)) {
            return true;
        }
        if (!allowance.take(clock.instant())) {
            return false;
        }
        var before = announced.get(key);
        if (before == null) {
            var said = announceDrift(condition, uid.get());
            if (said) {
                announced.put(key, since(condition));
            }
            return said;
        }
        var said = announceAgreement(key, uid.get(), before);
        if (said) {
            announced.remove(key);
        }
        return said;
    }

    private static boolean isDriftHere(Condition condition) {
        return condition.state().isDrift() && condition.state() != State.MISSING_HERE;
    }

    private static boolean isMended(Condition condition) {
        return condition.state() == State.IN_SYNC || condition.state() == State.EXEMPT;
    }

    private Instant since(Condition condition) {
        return condition.firstSeen().orElseGet(clock::instant);
    }

    /// One that is there tells of the present drift, unless that was mended in between.
    private boolean announceDrift(Condition condition, String uid) throws InterruptedException {
        var drift = PolicyEvent.ofDrift(condition, uid);
        var created = api.create(drift.folder(), drift.event(clock.instant(), instance));
        if (created.code() != CONFLICT) {
            return problems.report("Events", created);
        }
        var mended = api.get(PolicyEvent.ofAgreement(condition.key(), uid).path());
        var there = api.get(drift.path());
        return lastTime(mended.body()).isAfter(lastTime(there.body()))
                ? count(drift, there.body())
                : problems.report("Events", there);
    }

    /// One that is there tells of the end of the present drift, unless it is older than that.
    private boolean announceAgreement(PolicyKey key, String uid, Instant began)
            throws InterruptedException {
        var mended = PolicyEvent.ofAgreement(key, uid);
        var created = api.create(mended.folder(), mended.event(clock.instant(), instance));
        if (created.code() != CONFLICT) {
            return problems.report("Events", created);
        }
        var there = api.get(mended.path());
        return lastTime(there.body()).isBefore(began)
                ? count(mended, there.body())
                : problems.report("Events", there);
    }

    private boolean count(PolicyEvent event, JsonNode there) throws InterruptedException {
        var change =
                PolicyEvent.again(
                        Math.clamp(there.path("series").path("count").asInt(), 1, MAX_COUNT) + 1,
                        there.path("metadata").path("resourceVersion").asText(),
                        clock.instant());
        var counted = api.patch(event.path(), change);
        return counted.code() == CONFLICT || problems.report("Events", counted);
    }

    /// A time that is still to come is none.
    private Instant lastTime(JsonNode event) {
        var again = event.path("series").path("lastObservedTime").asText();
        var text = again.isEmpty() ? event.path("eventTime").asText() : again;
        try {
            var time = text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
            return time.isAfter(clock.instant()) ? Instant.EPOCH : time;
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
