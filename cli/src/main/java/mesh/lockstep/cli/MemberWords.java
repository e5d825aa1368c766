package mesh.lockstep.cli;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PeerView.Apart;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.PeerView.Lacks;
import mesh.lockstep.rollout.PeerView.Unknown;

/// What each member has of a policy, in a word.
///
/// @param letters of the versions
/// @param missed members that lack what is meant for them
/// @param revised whether the copies have different revisions
record MemberWords(Map<Version, String> letters, Set<ClusterName> missed, boolean revised) {

    static MemberWords of(Copies copies) {
        var letters = new HashMap<Version, String>();
        var revisions = new HashSet<Object>();
        for (var variant : copies.variants()) {
            letters.put(variant.version(), variant.letter());
            variant.holders().forEach(holds -> revisions.add(holds.revision()));
        }
        var missed = new HashSet<ClusterName>();
        copies.missing().forEach(lacks -> missed.add(lacks.peer()));
        return new MemberWords(letters, missed, revisions.size() > 1);
    }

    String of(PeerView view) {
        return switch (view) {
            case Holds holds when revised ->
                    letters.get(holds.version()) + " (revision " + holds.revision() + ")";
            case Holds holds -> String.valueOf(letters.get(holds.version()));
            case Lacks lacks when missed.contains(lacks.peer()) -> "missing";
            case Lacks _ -> "not meant";
            case Apart _ -> "not shared";
            case Unknown _ -> "unknown";
        };
    }
}
