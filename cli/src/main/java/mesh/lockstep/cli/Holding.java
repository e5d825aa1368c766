package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.FairTime;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.peers.LiveReading;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.Namespaces;
import mesh.lockstep.rollout.Namespaces.Namespace;
import mesh.lockstep.rollout.PeerView;

/// What a member holds of one policy now.
///
/// @param answer of its API server
/// @param namespace the policy's; an ordinary one where that may not be read
record Holding(Member member, PolicyKey key, Answer answer, Namespace namespace) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Asks all members.
    static List<Holding> of(PolicyKey key, List<Member> members) {
        return Few.each(members, member -> ask(member, key));
    }

    private static Holding ask(Member member, PolicyKey key) throws InterruptedException {
        var answer = member.api().get(key, Deadline.in(PATIENCE), new FairTime.Clock());
        return new Holding(member, key, answer, namespace(member, key.namespace()));
    }

    private static Namespace namespace(Member member, String name) throws InterruptedException {
        if (!name.isEmpty()
                && member.api().namespace(name, PATIENCE) instanceof Given(var object, _)) {
            var metadata = object.path("metadata");
            return new Namespace(
                    PeerApi.saysShared(object).orElse(Sharing.byDefault(member)),
                    metadata.hasNonNull("deletionTimestamp"),
                    Optional.of(metadata.path("labels").path(Namespaces.ENFORCE))
                            .filter(JsonNode::isTextual)
                            .map(JsonNode::textValue));
        }
        return Namespace.ORDINARY;
    }

    ClusterName name() {
        return member.name();
    }

    /// @param reader with the settings of the cluster for which it is read
    LiveAnswer read(PolicyReader reader) {
        return new LiveReading(member.name(), reader).read(key, answer);
    }

    /// What another member sees of an answer.
    PeerView view(LiveAnswer read) {
        return namespace.shared() ? read.view().orElseThrow() : new PeerView.Apart(member.name());
    }
}
