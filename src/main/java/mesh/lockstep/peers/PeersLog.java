package mesh.lockstep.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.peers.PeerDirectory.Contents;
import mesh.lockstep.peers.PeerStatus.Standing;
import mesh.lockstep.peers.PeerStatus.Standing.InSync;
import mesh.lockstep.peers.PeerStatus.Standing.Joining;
import mesh.lockstep.peers.PeerStatus.Standing.Unknown;
import mesh.lockstep.peers.PeerStatus.Standing.Unusable;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.News;
import org.jboss.logging.Logger;

/// Says what is new about the peers, once: who came and left, whose state is another.
///
/// For one thread.
final class PeersLog {

    private static final Logger LOG = Logger.getLogger(PeersLog.class);

    private final ClusterName here;
    private final News<String> problems = new News<>();
    private final News<ClusterName> states = new News<>();
    private final News<ClusterName> names = new News<>();

    PeersLog(ClusterName here) {
        this.here = here;
    }

    void folder(Path folder, Contents scan) {
        var found = problems(folder, scan).collect(Collectors.toSet());
        problems.forgetAllBut(found);
        found.stream().filter(text -> problems.isNew(text, text)).sorted().forEach(LOG::warn);
    }

    private Stream<String> problems(Path folder, Contents scan) {
        return switch (scan) {
            case Contents.Missing _ -> Stream.of("No peers: there is no folder " + folder);
            case Contents.Unreadable _ ->
                    Stream.of("Peers stay as they are: folder " + folder + " cannot be read");
            case Contents.Found(var files, var misnamed) -> {
                var ours = files.containsKey(here) ? Stream.of(here.value()) : Stream.<String>of();
                yield Stream.concat(
                        misnamed.stream().map(name -> ignored(name, "not a valid cluster name")),
                        ours.map(name -> ignored(name, "it names this cluster")));
            }
        };
    }

    private static String ignored(String file, String why) {
        return "Ignoring file " + file.replaceAll("\\p{Cntrl}", "?") + ": " + why;
    }

    void peers(List<PeerStatus> statuses) {
        statuses.forEach(this::name);
        for (var status : statuses) {
            var news = List.of(news(status.standing()), status.notRenewed().isPresent());
            if (states.isNew(status.peer(), news)) {
                say(status);
            }
        }
        var here = statuses.stream().map(PeerStatus::peer).collect(Collectors.toSet());
        names.forgetAllBut(here);
        states.forgetAllBut(here).forEach(name -> LOG.infof("Peer %s removed", name));
    }

    private void name(PeerStatus status) {
        var peer = status.peer();
        var name = status.callsItself();
        if (name.isEmpty()) {
            names.forget(peer);
        } else if (names.isNew(peer, name.get())) {
            LOG.warnf(
                    "Peer %1$s is called %2$s by its own Cilium (cluster-name in kube-system/cilium-config)."
                            + " Is its file the right one? It goes on being compared as %1$s",
                    peer, name.get());
        }
    }

    /// Why a peer is in doubt changes with every attempt to reach it, that it is does not.
    private static Object news(Standing standing) {
        return standing instanceof Unknown ? Unknown.class : standing;
    }

    private static void say(PeerStatus status) {
        if (status.notRenewed().isPresent()) {
            LOG.warnf(
                    "Peer %s is still read with its old credentials, because the new ones do not work: %s",
                    status.peer(), status.notRenewed().get());
        }
        switch (status.standing()) {
            case Joining _ -> LOG.infof("Peer %s added", status.peer());
            case InSync _ when status.notRenewed().isPresent() -> {}
            case InSync _ ->
                    LOG.infof(
                            "Peer %s is in sync, policies: %d",
                            status.peer(),
                            status.policies().values().stream().mapToInt(count -> count).sum());
            case Unknown(var cause) ->
                    LOG.warnf("Peer %s cannot be compared: %s", status.peer(), cause);
            case Unusable(var cause) ->
                    LOG.warnf("Peer %s cannot be compared: %s", status.peer(), cause);
        }
    }
}
