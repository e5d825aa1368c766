package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.peers.FactsReading;
import mesh.lockstep.peers.Pool;
import mesh.lockstep.policy.ClusterName;

/// Asks the clusters of some contexts who they are.
///
/// @param members those that can be compared, in the order of the contexts
/// @param absent contexts whose cluster cannot
/// @param notes what else a user should know
record Meeting(List<Member> members, List<Absent> absent, List<String> notes) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration NEVER_AGAIN = Duration.ofDays(1);
    private static final int NOT_FOUND = 404;

    Meeting {
        members = List.copyOf(members);
        absent = List.copyOf(absent);
        notes = List.copyOf(notes);
    }

    /// A context whose cluster is not compared.
    ///
    /// @param cause for people, in a few words
    record Absent(String context, String cause) {

        String text() {
            return context + ": not compared: " + cause;
        }
    }

    /// What became of one context.
    private sealed interface Arrival {

        record Here(Member member, Optional<String> note) implements Arrival {}

        record NotHere(Absent absent) implements Arrival {}
    }

    /// @param contexts each once
    static Meeting of(List<String> contexts, Connection connection, Pool pool) {
        var members = new ArrayList<Member>();
        var absent = new ArrayList<Absent>();
        var notes = new ArrayList<String>();
        for (var arrival : Few.each(contexts, context -> arrive(context, connection, pool))) {
            switch (arrival) {
                case Arrival.NotHere(var who) -> absent.add(who);
                case Arrival.Here(var member, var note) -> {
                    note.ifPresent(notes::add);
                    var twin = members.stream().filter(each -> isSame(each, member)).findFirst();
                    if (twin.isPresent()) {
                        notes.add(
                                "%s and %s are one cluster, which is compared once"
                                        .formatted(twin.get().context(), member.context()));
                    } else {
                        members.add(member);
                    }
                }
            }
        }
        return distinct(members, absent, notes);
    }

    private static boolean isSame(Member one, Member other) {
        return one.uid().isPresent() && one.uid().equals(other.uid());
    }

    /// Policies name clusters: of two with one name, only the first can be compared.
    private static Meeting distinct(List<Member> members, List<Absent> absent, List<String> notes) {
        var named = new LinkedHashMap<ClusterName, Member>();
        for (var member : members) {
            var first = named.putIfAbsent(member.name(), member);
            if (first != null) {
                absent.add(
                        new Absent(
                                member.context(),
                                "calls itself %s, as %s does"
                                        .formatted(member.name(), first.context())));
            }
        }
        return new Meeting(List.copyOf(named.values()), absent, notes);
    }

    private static Arrival arrive(String context, Connection connection, Pool pool)
            throws InterruptedException {
        try {
            var api = connection.open(context);
            var answer = api.kubeSystem(PATIENCE);
            return answer instanceof Given || Cluster.isForbidden(answer)
                    ? introduce(context, api, uid(answer), pool)
                    : notHere(context, Cause.of(answer, "get", "namespaces"));
        } catch (Unusable e) {
            return notHere(context, String.valueOf(e.getMessage()));
        }
    }

    private static Arrival introduce(String context, PeerApi api, Optional<String> uid, Pool pool)
            throws InterruptedException {
        var reading = new FactsReading(api, pool, NEVER_AGAIN);
        reading.keepUp();
        var facts = reading.known();
        var name = facts.callsItself().map(ClusterName::value).orElse(context);
        var unread = facts.settings().isPresent() ? Optional.<String>empty() : whyUnread(api);
        if (!ClusterName.isValid(name)) {
            return notHere(
                    context,
                    "its name in the mesh is not known: "
                            + unread.orElse("cilium-config has no cluster-name"));
        }
        var note =
                unread.map(
                        text ->
                                "%s: Cilium's settings are not known (%s); its defaults count, and the context's name"
                                        .formatted(context, text));
        return new Arrival.Here(new Member(context, new ClusterName(name), uid, facts, api), note);
    }

    private static Optional<String> whyUnread(PeerApi api) throws InterruptedException {
        var answer = api.ciliumConfig(PATIENCE);
        return Optional.of(
                answer instanceof Rejected rejected && rejected.code() == NOT_FOUND
                        ? "there is no ConfigMap kube-system/cilium-config"
                        : Cause.of(answer, "get", "configmaps"));
    }

    private static Arrival notHere(String context, String cause) {
        return new Arrival.NotHere(new Absent(context, cause));
    }

    private static Optional<String> uid(Answer answer) {
        return Optional.of(answer)
                .filter(Given.class::isInstance)
                .map(each -> ((Given) each).json().at("/metadata/uid"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }
}
