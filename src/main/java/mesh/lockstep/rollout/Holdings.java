package mesh.lockstep.rollout;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;

/// What all members are remembered to hold, this one included: the interface for those that want to
/// see everything, and not one policy. To be used once our own name is known ([Peers#here]).
public interface Holdings extends Peers {

    /// What this cluster held when it was last heard from: it is watched like a peer. Never waits.
    PeerView recallOwn(PolicyKey key);

    /// What speaks against members enforcing the policy, as they were last heard from; none for a
    /// member of which nothing does. Never waits.
    SortedMap<ClusterName, List<Objection>> objections(PolicyKey key);

    /// The keys of all policies that any member is remembered to hold.
    Set<PolicyKey> keys();

    /// To what the policies of this cluster refer.
    Set<PolicyReference> references();

    /// The members that there are now, this one included, and whether what is remembered of each
    /// can be believed.
    Map<ClusterName, Boolean> believed();

    /// From now on it is told of each move of a member.
    void follow(Movements movements);

    /// From now on the listener is told of each key under which a member holds something else than
    /// before, or whose namespace is another to us. It is called by the threads that watch, and
    /// must not wait.
    void listen(Consumer<PolicyKey> listener);
}
