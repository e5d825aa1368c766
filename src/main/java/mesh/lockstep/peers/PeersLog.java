package mesh.lockstep.peers;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.peers.PeerDirectory.Scan;
import mesh.lockstep.policy.ClusterName;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/// Says what is new about the peers, once: who came and left, whose state is another.
///
/// For one thread.
final class PeersLog {

    private static final Logger LOG = Logger.getLogger(PeersLog.class);

    private final ClusterName here;
    private Set<String> problems = Set.of();
    private Map<ClusterName, String> states = Map.of();

    PeersLog(ClusterName here) {
        this.here = here;
    }

    void folder(Path folder, Scan scan) {
        var found = problems(folder, scan).collect(Collectors.toSet());
        found.stream().filter(it -> !problems.contains(it)).sorted().forEach(LOG::warn);
        problems = found;
    }

    private Stream<String> problems(Path folder, Scan scan) {
        return switch (scan) {
            case Scan.Missing _ -> Stream.of("No peers: there is no folder " + folder);
            case Scan.Unreadable _ ->
                    Stream.of("Peers stay as they are: folder " + folder + " cannot be read");
            case Scan.Found(var files, var misnamed) ->
                    Stream.concat(
                            misnamed.stream()
                                    .map(it -> it.replaceAll("\\p{Cntrl}", "?"))
                                    .map(it -> "File " + it + " is no peer: not a cluster's name"),
                            Stream.of(here)
                                    .filter(files::containsKey)
                                    .map(it -> "File " + it + " is no peer: this is " + it));
        };
    }

    void peers(List<PeerStatus> statuses) {
        var now = new HashMap<ClusterName, String>();
        for (var status : statuses) {
            var state = status.doubt().map(PeersLog::withoutTime).orElse("");
            now.put(status.peer(), state);
            if (!state.equals(states.get(status.peer()))) {
                say(status);
            }
        }
        var left = new HashSet<>(states.keySet());
        left.removeAll(now.keySet());
        left.stream().sorted().forEach(it -> LOG.infof("Peer %s has left", it));
        states = now;
    }

    private static void say(PeerStatus status) {
        if (status.up()) {
            int policies = status.policies().values().stream().mapToInt(it -> it).sum();
            LOG.infof("Peer %s is in sync: %d policies", status.peer(), policies);
            return;
        }
        var doubt = status.doubt().orElseThrow();
        // A peer that has just come is no trouble.
        var level = doubt.equals(Freshness.FIRST_SYNCHRONISATION) ? Level.INFO : Level.WARN;
        LOG.logf(level, "Peer %s cannot be compared: %s", status.peer(), doubt);
    }

    /// That time passes is no news.
    private static String withoutTime(String doubt) {
        return doubt.replaceAll("[0-9]+ s\\b", "");
    }
}
