package mesh.lockstep.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.cli.Introduction.Manner;

/// Which tokens can be renewed: those that members have for each other, at the addresses that are
/// known. Nobody is introduced: who was disconnected, or whose token was revoked, stays out.
///
/// @param introductions by tokens that are there, of each cluster
/// @param problems why others cannot, for people
record Renewal(Map<Partner, List<Introduction>> introductions, List<String> problems) {

    /// @param time how long tokens should be valid
    static Renewal of(List<Partner> partners, Duration time) {
        var introductions = new LinkedHashMap<Partner, List<Introduction>>();
        var problems = new ArrayList<String>();
        for (var here : partners) {
            var its = new ArrayList<Introduction>();
            for (var peer : partners) {
                var file = here.known().get(peer.name().value());
                if (file != null && !here.equals(peer)) {
                    var known = introduction(here, peer, file, time);
                    known.ifPresentOrElse(its::add, () -> problems.add(problem(here, peer)));
                }
            }
            introductions.put(here, its);
            here.known().keySet().stream()
                    .filter(text -> partners.stream().noneMatch(peer -> isCalled(peer, text)))
                    .forEach(
                            text ->
                                    problems.add(
                                            "%s knows %s, which is not among these clusters: it is not renewed"
                                                    .formatted(here.name(), text)));
        }
        return new Renewal(introductions, problems);
    }

    private static boolean isCalled(Partner partner, String name) {
        return partner.name().value().equals(name);
    }

    private static Optional<Introduction> introduction(
            Partner here, Partner peer, PeerFile file, Duration time) {
        return file.credentials()
                .filter(_ -> Acquaintance.strange(here, peer).isEmpty())
                .map(
                        credentials ->
                                new Introduction(
                                        here, peer, Address.of(credentials), time, Manner.RENEW))
                .filter(introduction -> introduction.known().isPresent());
    }

    private static String problem(Partner here, Partner peer) {
        return Acquaintance.strange(here, peer)
                .orElse(
                        "%s knows %s by no token of its account %s: it is not renewed"
                                .formatted(here.name(), peer.name(), Account.NAME));
    }
}
