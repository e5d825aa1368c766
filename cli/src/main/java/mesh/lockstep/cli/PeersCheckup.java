package mesh.lockstep.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import mesh.lockstep.kubeconfig.Credentials;
import mesh.lockstep.kubeconfig.Expiry;
import mesh.lockstep.kubeconfig.Kubeconfig;

/// Checks whom a cluster's webhook knows, and by what.
final class PeersCheckup {

    /// Of its lifetime, what is left of a credential that ends soon. `connect` renews it before.
    private static final int LEFT = 5;

    private final Cluster cluster;
    private final SortedMap<String, PeerFile> files;
    private final List<Cluster> all;
    private final Instant now;

    /// @param files what the webhook has of its peers
    /// @param all clusters that are looked at, this one among them
    PeersCheckup(
            Cluster cluster, SortedMap<String, PeerFile> files, List<Cluster> all, Instant now) {
        this.cluster = cluster;
        this.files = files;
        this.all = all;
        this.now = now;
    }

    Outcome introduced() {
        if (files.isEmpty()) {
            return new Outcome.Wrong("it has no peer", connect());
        }
        return Stream.of(twins(), strangers())
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(new Outcome.Good());
    }

    /// One cluster under two names counts as two members; this cluster is no peer of its own.
    private Optional<Outcome> twins() {
        var names = new HashMap<String, String>();
        cluster.uid().ifPresent(text -> names.put(text, "this cluster"));
        for (var file : files.values()) {
            var uid = file.uid();
            var other = uid.isEmpty() ? null : names.putIfAbsent(uid.get(), file.name());
            if (other != null) {
                return Optional.of(
                        new Outcome.Wrong(
                                "%s and %s are one cluster".formatted(other, file.name()),
                                "kubectl lockstep disconnect %s %s"
                                        .formatted(file.name(), Quoted.contexts(contexts()))));
            }
        }
        return Optional.empty();
    }

    private Optional<Outcome> strangers() {
        return all.stream()
                .filter(each -> !each.context().equals(cluster.context()))
                .filter(cluster -> fileOf(cluster).isEmpty())
                .map(
                        cluster ->
                                (Outcome)
                                        new Outcome.Wrong(
                                                "it has no credential for " + cluster.name(),
                                                connect()))
                .findFirst();
    }

    private Optional<PeerFile> fileOf(Cluster peer) {
        var named = Optional.ofNullable(files.get(peer.name()));
        return named.isPresent()
                ? named
                : files.values().stream()
                        .filter(file -> file.uid().isPresent() && file.uid().equals(peer.uid()))
                        .findFirst();
    }

    /// What may be meant: names in the mesh that are not Cilium's.
    List<String> notes() {
        var notes = new ArrayList<String>();
        for (var peer : all) {
            for (var file : files.values()) {
                var same = file.uid().isPresent() && file.uid().equals(peer.uid());
                if (same
                        && peer.callsItself()
                                .filter(text -> !text.equals(file.name()))
                                .isPresent()) {
                    notes.add(
                            "%s knows %s as %s, but its Cilium calls it %s"
                                    .formatted(
                                            cluster.context(),
                                            peer.context(),
                                            file.name(),
                                            peer.name()));
                }
            }
        }
        return notes;
    }

    /// Each file as the webhook reads it.
    Outcome credentials() {
        return files.isEmpty()
                ? new Outcome.Unchecked()
                : files.values().stream()
                        .map(this::credential)
                        .filter(Outcome.Wrong.class::isInstance)
                        .findFirst()
                        .orElse(new Outcome.Good());
    }

    private Outcome credential(PeerFile file) {
        return switch (file.content()) {
            case Kubeconfig.Refused(var reason) ->
                    new Outcome.Wrong(
                            "the one for %s cannot be used: %s".formatted(file.name(), reason),
                            connect());
            case Kubeconfig.Accepted(var credentials) -> ofEnd(file.name(), credentials);
        };
    }

    private Outcome ofEnd(String peer, Credentials credentials) {
        var end = Expiry.of(credentials);
        if (end.isEmpty()) {
            return new Outcome.Good();
        }
        var text = End.text(end.get(), now);
        if (!end.get().isAfter(now)) {
            return new Outcome.Wrong("the one for %s expired: %s".formatted(peer, text), connect());
        }
        return Token.of(credentials).filter(token -> token.isLate(now, LEFT)).isPresent()
                ? new Outcome.Wrong("the one for %s expires: %s".formatted(peer, text), connect())
                : new Outcome.Good();
    }

    /// When each of them ends that says so.
    SortedMap<String, Instant> ends() {
        var ends = new TreeMap<String, Instant>();
        files.forEach(
                (name, file) ->
                        file.credentials()
                                .flatMap(Expiry::of)
                                .ifPresent(instant -> ends.put(name, instant)));
        return ends;
    }

    private String connect() {
        return all.size() > 1
                ? "kubectl lockstep connect " + Quoted.contexts(contexts())
                : "kubectl lockstep connect %s with the other members"
                        .formatted(Quoted.contexts(contexts()));
    }

    private List<String> contexts() {
        return all.stream().map(Cluster::context).toList();
    }
}
