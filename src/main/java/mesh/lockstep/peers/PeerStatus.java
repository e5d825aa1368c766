package mesh.lockstep.peers;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey.Kind;

/// The state of a peer.
///
/// @param since when this state began: in sync, or not
/// @param synced whether all that it holds was read once
/// @param lastHeard empty: never
/// @param policies how many it is remembered to hold
/// @param expires when the credentials end that we read it with; empty if they do not say
/// @param next the state of its new credentials while it is read with the old ones; empty if there
///   are none
/// @param certificateExpires when the certificate of its API server ends; empty before one was
///   shown
/// @param callsItself the name that its Cilium has for it, if it is another
public record PeerStatus(
        ClusterName peer,
        Standing standing,
        Instant since,
        boolean synced,
        Optional<Instant> lastHeard,
        Map<Kind, Integer> policies,
        Optional<Instant> expires,
        Optional<Standing> next,
        Optional<Instant> certificateExpires,
        Optional<ClusterName> callsItself) {

    public PeerStatus {
        // In the order of the kinds, in which they are shown.
        policies = Collections.unmodifiableMap(new TreeMap<>(policies));
    }

    /// For one that has not shown anything of itself.
    public PeerStatus(
            ClusterName peer,
            Standing standing,
            Instant since,
            boolean synced,
            Optional<Instant> lastHeard,
            Map<Kind, Integer> policies,
            Optional<Instant> expires,
            Optional<Standing> next) {
        this(
                peer,
                standing,
                since,
                synced,
                lastHeard,
                policies,
                expires,
                next,
                Optional.empty(),
                Optional.empty());
    }

    /// Whether and why it can be compared.
    public sealed interface Standing {

        /// One of four words, for people and programs.
        default String state() {
            return switch (this) {
                case InSync _ -> "in sync";
                case Joining _ -> "joining";
                case Unknown _ -> "unknown";
                case Unusable _ -> "unusable";
            };
        }

        /// For people, in a few words.
        String words();

        record InSync() implements Standing {
            @Override
            public String words() {
                return "in sync";
            }
        }

        /// It has come and is read for the first time.
        record Joining() implements Standing {
            @Override
            public String words() {
                return Freshness.FIRST_SYNCHRONIZATION;
            }
        }

        /// What is remembered of it cannot be believed.
        record Unknown(String words) implements Standing {}

        /// It cannot be read before its file changes.
        record Unusable(String words) implements Standing {}
    }

    /// The same while new credentials are tried.
    PeerStatus renewedBy(Standing next) {
        return new PeerStatus(
                peer,
                standing,
                since,
                synced,
                lastHeard,
                policies,
                expires,
                Optional.of(next),
                certificateExpires,
                callsItself);
    }

    /// Why the new credentials cannot be used, for people, in a few words; empty if nothing is
    /// known against them.
    public Optional<String> notRenewed() {
        return next.flatMap(
                standing ->
                        switch (standing) {
                            case Standing.InSync _, Standing.Joining _ -> Optional.empty();
                            case Standing.Unknown(var words) -> Optional.of(words);
                            case Standing.Unusable(var words) -> Optional.of(words);
                        });
    }

    /// That it has another name for itself than its file, for people; empty if it has not.
    Optional<String> misnamed() {
        return callsItself.map(name -> "its Cilium calls it " + name);
    }

    /// Why it cannot be compared, why its new credentials cannot be used, and whether it is the
    /// wrong one, for people; empty if all is well.
    public String reason() {
        return Stream.of(
                        Stream.of(standing.words()).filter(_ -> !up()),
                        notRenewed().stream().map(text -> "new credential: " + text),
                        misnamed().stream())
                .flatMap(stream -> stream)
                .collect(Collectors.joining("; "));
    }

    /// Whether it can be compared from memory.
    public boolean up() {
        return standing instanceof Standing.InSync;
    }
}
