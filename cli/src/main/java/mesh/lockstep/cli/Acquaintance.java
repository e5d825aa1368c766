package mesh.lockstep.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.policy.ClusterName;

/// Whether clusters know each other as those that they are now. A name stays with its cluster:
/// another one under it would be compared in place of the one that is meant.
record Acquaintance(List<Partner> partners, Map<ClusterName, Address> addresses) {

    /// @param replaced names that may be another's from now on
    /// @throws Unusable if a name is another's, or a cluster has another name
    void require(Set<String> replaced) throws Unusable {
        for (var here : partners) {
            for (var peer : partners) {
                if (!here.equals(peer)) {
                    requireOneName(here, peer);
                    if (!replaced.contains(peer.name().value())) {
                        requireSame(here, peer);
                    }
                }
            }
        }
    }

    private static void requireOneName(Partner here, Partner peer) throws Unusable {
        for (var file : here.known().values()) {
            if (isOf(file, peer) && !file.name().equals(peer.name().value())) {
                throw new Unusable(
                        "%s knows %s already, as %s: one cluster under two names would count twice. Disconnect %s first, or say --name %s=%s"
                                .formatted(
                                        here.name(),
                                        peer.context(),
                                        file.name(),
                                        file.name(),
                                        Quoted.of(peer.context()),
                                        file.name()));
            }
        }
    }

    /// Whether it is known to be about this cluster.
    private static boolean isOf(PeerFile file, Partner peer) {
        return file.uid().filter(peer.uid()::equals).isPresent();
    }

    /// How a cluster knows another one, if that is not the one that it was; empty if it is, or is
    /// not known.
    static Optional<String> strange(Partner here, Partner peer) {
        return Optional.ofNullable(here.known().get(peer.name().value()))
                .filter(file -> file.uid().isPresent() && !isOf(file, peer))
                .map(
                        _ ->
                                known(here, peer)
                                        + "as a different cluster than %s is now: its kube-system has a different uid"
                                                .formatted(peer.context()));
    }

    private static String known(Partner here, Partner peer) {
        return "%s knows %s already, ".formatted(here.name(), peer.name());
    }

    private void requireSame(Partner here, Partner peer) throws Unusable {
        var file = here.known().get(peer.name().value());
        var address = addresses.get(peer.name());
        if (file == null || address == null) {
            return;
        }
        var wayOut = ". If you want to replace it, say --replace " + peer.name();
        var strange = strange(here, peer);
        if (strange.isPresent()) {
            throw new Unusable(strange.get() + wayOut);
        }
        var credentials = file.credentials();
        if (credentials.isPresent() && !address.isOf(credentials.get())) {
            throw new Unusable(
                    known(here, peer)
                            + "at %s, not at %s"
                                    .formatted(credentials.get().server(), address.server())
                            + wayOut);
        }
    }
}
