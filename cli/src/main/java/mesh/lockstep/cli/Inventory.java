package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.peers.DigestStore.Held;
import mesh.lockstep.peers.Digesting;
import mesh.lockstep.peers.PolicyObject;
import mesh.lockstep.peers.Pool;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.PeerView;

/// What a member holds of the policies that somebody asks for: digests, never the policies.
///
/// @param unread why those of a kind could not be read
/// @param labeled the policies with the labels that somebody asks for; all if any will do
/// @param notes what could not be read, for people
record Inventory(
        Member member,
        Map<PolicyKey, Held> held,
        Map<Kind, String> unread,
        Set<PolicyKey> labeled,
        Sharing sharing,
        List<String> notes) {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// Reads the lists of a member.
    ///
    /// @param reader of what members hold
    /// @param pool of what they have in common
    static Inventory read(Member member, Query query, PolicyReader reader, Pool pool)
            throws InterruptedException {
        return new Reading(member, query, Deadline.in(PATIENCE))
                .read(new Digesting(reader.in(member.name()), pool, true));
    }

    /// What it holds under a policy's key, as others of the mesh see it.
    PeerView view(PolicyKey key) {
        var name = member.name();
        if (unread.containsKey(key.kind())) {
            return new PeerView.Unknown(name, unread.get(key.kind()));
        }
        if (sharing.isApart(key.namespace())) {
            return new PeerView.Apart(name);
        }
        var policy = held.get(key);
        return policy == null
                ? new PeerView.Lacks(name)
                : new PeerView.Holds(name, policy.version(), policy.revision());
    }

    /// Whether nothing could be read.
    Optional<String> isUnread(Query query) {
        return unread.keySet().containsAll(query.kinds())
                ? unread.values().stream().findFirst()
                : Optional.empty();
    }

    /// In the course of being read.
    private static final class Reading {

        private final Member member;
        private final PeerApi api;
        private final Query query;
        private final Deadline until;
        private final Map<PolicyKey, Held> held = new TreeMap<>();
        private final Map<Kind, String> unread = new EnumMap<>(Kind.class);
        private final Set<PolicyKey> labeled = new HashSet<>();
        private final Map<String, Boolean> said = new HashMap<>();

        Reading(Member member, Query query, Deadline until) {
            this.member = member;
            this.api = member.api();
            this.query = query;
            this.until = until;
        }

        Inventory read(Digesting digesting) throws InterruptedException {
            for (var kind : query.kinds()) {
                list(kind, digesting).ifPresent(text -> unread.put(kind, text));
            }
            var problem = Pages.read("namespaces", next -> api.namespaces(next, until, this::says));
            var sharing = problem.isPresent() ? Sharing.ALL : Sharing.of(said, member);
            var notes = new ArrayList<String>();
            unread.values().forEach(text -> notes.add(member.name() + ": " + text));
            problem.ifPresent(
                    text ->
                            notes.add(
                                    "%s: %s; all its namespaces count as shared with the mesh"
                                            .formatted(member.name(), text)));
            return new Inventory(member, held, unread, labeled, sharing, notes);
        }

        private Optional<String> list(Kind kind, Digesting digesting) throws InterruptedException {
            var problem =
                    Pages.read(
                            kind.plural(),
                            next ->
                                    api.list(
                                            kind,
                                            query.namespace(),
                                            next,
                                            until,
                                            node -> add(new PolicyObject(kind, node), digesting)));
            if (problem.isPresent() || query.selector().isEmpty()) {
                return problem;
            }
            return Pages.read(
                    kind.plural(),
                    next ->
                            api.labeled(
                                    kind,
                                    query.namespace(),
                                    query.selector(),
                                    next,
                                    until,
                                    node -> select(new PolicyObject(kind, node))));
        }

        private void add(PolicyObject object, Digesting digesting) {
            if (object.isNamed()) {
                var key = digesting.key(object);
                held.put(key, digesting.held(object));
                if (query.selector().isEmpty()) {
                    labeled.add(key);
                }
            }
        }

        private void select(PolicyObject object) {
            if (object.isNamed()) {
                labeled.add(object.key());
            }
        }

        private void says(JsonNode namespace) {
            var name = namespace.path("metadata").path("name").asText();
            PeerApi.saysShared(namespace).ifPresent(isShared -> said.put(name, isShared));
        }
    }
}
