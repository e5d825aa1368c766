package mesh.lockstep.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.apiserver.OwnApi.Reply;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.Relation;
import mesh.lockstep.rollout.State;
import mesh.lockstep.vigil.Heartbeat;

/// The reports in this cluster: one for each policy that differs, and one about settings that do.
/// Replicas write the same by server-side apply, and only what is not there already.
///
/// For one thread.
final class ReportWriter {

    private static final int NOT_FOUND = 404;
    private static final int INVALID = 422;
    private static final int TOO_BUSY = 429;

    private final OwnApi api;
    private final Problems problems;
    private final InstantSource clock;
    private final Discretion discretion;
    private final WriteAllowance allowance = new WriteAllowance(100, 10);
    private final Set<PolicyKey> present = new HashSet<>();
    private Optional<ReportForm> form = Optional.empty();

    ReportWriter(OwnApi api, Problems problems, InstantSource clock, Discretion discretion) {
        this.api = api;
        this.problems = problems;
        this.clock = clock;
        this.discretion = discretion;
    }

    /// Reads all that there are, after finding out which form this cluster has, if any.
    ///
    /// @return none if there are none, or they are not for us to read; empty if the API server does
    ///   not say now
    Optional<List<Condition>> load(Heartbeat heartbeat) throws InterruptedException {
        for (var candidate : ReportForm.values()) {
            var reply = api.get(candidate.group());
            if (reply.succeeded()) {
                return load(candidate, heartbeat);
            }
            if (reply.code() != NOT_FOUND) {
                return unread(reply);
            }
        }
        form = Optional.empty();
        present.clear();
        return Optional.of(List.of());
    }

    private Optional<List<Condition>> load(ReportForm found, Heartbeat heartbeat)
            throws InterruptedException {
        var stored = new StoredReports(clock.instant());
        var failed = stored.read(api, found, heartbeat);
        if (failed.isPresent()) {
            return unread(failed.get());
        }
        form = Optional.of(found);
        present.clear();
        present.addAll(stored.keys());
        return Optional.of(stored.conditions());
    }

    private Optional<List<Condition>> unread(Reply reply) {
        problems.report("Reports", reply);
        var refused = reply.code() >= 400 && reply.code() < 500 && reply.code() != TOO_BUSY;
        return refused ? Optional.of(List.of()) : Optional.empty();
    }

    /// Whether there is a kind of report here to write.
    boolean haveAKind() {
        return form.isPresent();
    }

    /// Policies for which there is a report, as far as we know.
    Set<PolicyKey> present() {
        return new HashSet<>(present);
    }

    boolean isPresent(PolicyKey key) {
        return present.contains(key);
    }

    /// Whether a report may be written now.
    boolean mayWrite() {
        return allowance.hasRoom(clock.instant());
    }

    /// A policy that was ever seen to differ has a report until it agrees again, and one that a
    /// member does not enforce, until all do.
    static boolean isWanted(Condition condition) {
        return condition.concerned().findAny().isPresent();
    }

    /// Makes the report say what the condition says.
    ///
    /// @param uid of the policy here; empty if it is not here
    /// @return whether it does now, or need not
    boolean publish(Condition condition, Optional<String> uid) throws InterruptedException {
        if (form.isEmpty()) {
            return true;
        }
        var path = form.get().path(condition.key());
        var existing = api.get(path);
        if (!existing.succeeded() && existing.code() != NOT_FOUND) {
            return problems.report("Reports", existing);
        }
        var there = existing.succeeded() ? existing.body() : MissingNode.getInstance();
        var report = Report.of(agreed(condition, there), form.get(), uid, discretion);
        if (isSaid(report, there)) {
            present.add(condition.key());
            return true;
        }
        allowance.take(clock.instant());
        var applied = api.apply(path, report);
        if (applied.succeeded()) {
            present.add(condition.key());
        }
        // A namespace that is not here has no place for a report, nor has a name that cannot be.
        return applied.code() == NOT_FOUND
                || applied.code() == INVALID
                || problems.report("Reports", applied);
    }

    /// Makes the report about all policies say in what members differ, or takes it away where they
    /// do not.
    ///
    /// @param rest of the policies, which have no report of their own
    /// @return whether it does now, or need not
    boolean publish(Departures departures, SortedMap<ClusterName, Shares.Rest> rest)
            throws InterruptedException {
        if (form.isEmpty()) {
            return true;
        }
        var path = form.get().settingsPath();
        var existing = api.get(path);
        if (!existing.succeeded()) {
            return existing.code() == NOT_FOUND
                    ? publish(path, departures, rest, MissingNode.getInstance())
                    : problems.report("Reports", existing);
        }
        return publish(path, departures, rest, existing.body());
    }

    private boolean publish(
            String path,
            Departures departures,
            SortedMap<ClusterName, Shares.Rest> rest,
            JsonNode there)
            throws InterruptedException {
        var report = SettingsReport.of(departures, rest, form.orElseThrow(), there);
        if (report.isPresent()) {
            return isSaid(report.get(), there)
                    || problems.report("Reports", api.apply(path, report.get()));
        }
        return there.isMissingNode() || isGone(api.delete(path));
    }

    private boolean isGone(Reply deleted) {
        return deleted.code() == NOT_FOUND || problems.report("Reports", deleted);
    }

    /// Takes the report away, if there is one.
    boolean withdraw(PolicyKey key) throws InterruptedException {
        if (form.isEmpty() || !present.contains(key)) {
            return true;
        }
        allowance.take(clock.instant());
        var gone = isGone(api.delete(form.get().path(key)));
        if (gone) {
            present.remove(key);
        }
        return gone;
    }

    /// Replicas see the same, except for moments, and for peers that only some of them reach: the
    /// first time counts, and a replica that does not know leaves what is there.
    private Condition agreed(Condition ours, JsonNode there) {
        var theirs = ReportReading.read(there, clock.instant());
        var relations = new TreeMap<ClusterName, Relation>();
        for (var relation : ours.relations().entrySet()) {
            var said = theirs.flatMap(condition -> condition.with(relation.getKey()));
            var now = relation.getValue();
            relations.put(relation.getKey(), said.map(each -> agreed(now, each)).orElse(now));
        }
        return ours.with(relations);
    }

    private static Relation agreed(Relation ours, Relation theirs) {
        if (ours.state() == State.UNKNOWN) {
            return theirs;
        }
        return ours.firstSeen().isPresent()
                ? new Relation(ours.state(), earlier(ours, theirs), ours.cause())
                : ours;
    }

    private static Optional<Instant> earlier(Relation one, Relation other) {
        return Stream.of(one, other)
                .flatMap(relation -> relation.firstSeen().stream())
                .min(Comparator.naturalOrder());
    }

    private static boolean isSaid(JsonNode report, JsonNode there) {
        Predicate<String> same =
                field ->
                        CanonicalJson.text(report.path(field))
                                .equals(CanonicalJson.text(there.path(field)));
        var owners = "ownerReferences";
        return same.test("results")
                && same.test("scope")
                && CanonicalJson.text(report.path("metadata").path(owners))
                        .equals(CanonicalJson.text(there.path("metadata").path(owners)));
    }
}
