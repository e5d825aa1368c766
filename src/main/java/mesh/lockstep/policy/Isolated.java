package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What the elements of two lists would mean if each were its only one: `any:app: web` and `app:
/// web` then mean the same.
final class Isolated {

    private final Map<Element, Meaning> meanings = new HashMap<>();

    /// @param context what becomes of a rule when an element stands alone in its list
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
                trial.meaning(List.of(context.apply(element.tree())))
                        .filter(it -> it.asWritten().isEmpty())
                        .ifPresent(it -> meanings.put(element, it));
            }
        }
    }

    /// Empty where it was not worth finding out, and for what is compared as written.
    Optional<Meaning> of(Element element) {
        return Optional.ofNullable(meanings.get(element));
    }

    /// Removes from both what has its like in the other.
    void removeShared(Set<Element> here, Set<Element> there) {
        var shared = new HashSet<Meaning>();
        here.forEach(it -> of(it).ifPresent(shared::add));
        var theirs = new HashSet<Meaning>();
        there.forEach(it -> of(it).ifPresent(theirs::add));
        shared.retainAll(theirs);
        here.removeIf(it -> of(it).filter(shared::contains).isPresent());
        there.removeIf(it -> of(it).filter(shared::contains).isPresent());
    }
}
