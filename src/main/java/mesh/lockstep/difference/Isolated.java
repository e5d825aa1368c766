package mesh.lockstep.difference;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mesh.lockstep.policy.Digest;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Statement.Reach;

/// What the elements of two lists would mean if each were its only one: `any:app: web` and `app:
/// web` then mean the same.
final class Isolated {

    private static final int MAX_WORDS = 200;

    private final Map<Element, Sense> senses = new HashMap<>();

    /// What is kept of a meaning. The digest tells meanings apart, whatever their authors think of.
    ///
    /// @param words for peers and ports, however they are spelled; the first two hundred
    private record Sense(Digest digest, List<String> words) {}

    /// @param context what becomes of a rule when an element is alone in its list
    Isolated(
            Collection<Element> here,
            Collection<Element> there,
            UnaryOperator<JsonNode> context,
            Trial trial) {
        if (here.isEmpty() || there.isEmpty()) {
            return;
        }
        for (var elements : List.of(here, there)) {
            for (var element : elements) {
                trial.meaning(0, () -> List.of(context.apply(element.tree())))
                        .filter(meaning -> meaning.asWritten().isEmpty())
                        .map(
                                meaning ->
                                        new Sense(
                                                meaning.digest(), words(meaning, element.isRule())))
                        .ifPresent(sense -> senses.put(element, sense));
            }
        }
    }

    /// Empty where it was not worth finding out, and for what is compared as written.
    private Optional<Digest> of(Element element) {
        return Optional.ofNullable(senses.get(element)).map(Sense::digest);
    }

    /// The peers and ports of what an element means; empty where that was not worth finding out,
    /// and for what is compared as written.
    List<String> words(Element element) {
        return Optional.ofNullable(senses.get(element)).map(Sense::words).orElse(List.of());
    }

    /// Removes from both what has its like in the other.
    void removeShared(Set<Element> here, Set<Element> there) {
        var shared = new HashSet<Digest>();
        here.forEach(element -> of(element).ifPresent(shared::add));
        var theirs = new HashSet<Digest>();
        there.forEach(element -> of(element).ifPresent(theirs::add));
        shared.retainAll(theirs);
        here.removeIf(element -> of(element).filter(shared::contains).isPresent());
        there.removeIf(element -> of(element).filter(shared::contains).isPresent());
    }

    private static List<String> words(Meaning meaning, boolean ofRule) {
        return meaning.statements().stream()
                .flatMap(statement -> statement.reach().stream())
                .flatMap(reach -> words(reach, ofRule))
                .limit(MAX_WORDS)
                .toList();
    }

    /// @param ofRule the entries of one rule have its subject in common
    private static Stream<String> words(Reach reach, boolean ofRule) {
        return Stream.of(
                        ofRule ? Stream.of(reach.subject()) : Stream.<String>of(),
                        reach.peers().stream().map(PolicyPeer::text),
                        reach.traffic().stream().map(traffic -> traffic.ports().text()),
                        reach.traffic().stream().flatMap(traffic -> traffic.conditions().stream()))
                .flatMap(stream -> stream)
                .filter(text -> !text.isEmpty());
    }
}
