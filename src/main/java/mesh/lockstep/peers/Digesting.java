package mesh.lockstep.peers;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mesh.lockstep.peers.DigestStore.Held;
import mesh.lockstep.policy.Bug;
import mesh.lockstep.policy.Digest;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.Objection;

/// Turns a policy into what is kept of it.
///
/// @param reader of what the peer holds
/// @param pool shared by all peers
/// @param own whether the policies are this cluster's own
public record Digesting(PolicyReader reader, Pool pool, boolean own) {

    public PolicyKey key(PolicyObject object) {
        return pool.shared(object.key());
    }

    /// What an object does to its reader costs that object, never the others: one that brings up a
    /// bug of ours counts as it was sent.
    public Held held(PolicyObject object) {
        try {
            return pool.shared(digested(object));
        } catch (RuntimeException | StackOverflowError e) {
            Bug.tell("A policy of a member is compared as it was sent", e);
            return pool.shared(asSent(object));
        }
    }

    private Held digested(PolicyObject object) {
        var policy = object.read(reader);
        return new Held(
                policy.version(),
                policy.intent().revision(),
                own ? policy.spec().references() : Set.of(),
                objections(policy, object));
    }

    private static List<Objection> objections(Policy policy, PolicyObject object) {
        return Stream.<Objection>concat(
                        policy.rejection().stream().map(Objection.ByReading::new),
                        object.invalid().stream().map(Objection.ByCilium::new))
                .toList();
    }

    private static Held asSent(PolicyObject object) {
        var version = new Version(Digest.asSent(object.tree()), Intent.DEFAULT.members());
        return new Held(version, Revision.NONE, Set.of());
    }
}
