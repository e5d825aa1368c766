package mesh.lockstep.pages;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.State;

/// Which policies somebody wants to see: those that differ first, a page at a time.
///
/// @param namespace only those in it; empty for all
/// @param everything also what does not differ
/// @param page from 1; one beyond the last shows the last
record Selection(Optional<String> namespace, boolean everything, int page) {

    static final int PAGE_SIZE = 50;

    private static final Comparator<Condition> WORST_FIRST =
            Comparator.comparing(Condition::state).thenComparing(Condition::key);

    /// What is shown of all.
    ///
    /// @param matching how many there are on all pages
    /// @param unknown how many of those may be the same, for all that is known
    record Page(List<Condition> conditions, int matching, int unknown, int number, int last) {}

    Page of(Collection<Condition> all) {
        var matching = all.stream().filter(this::matches).sorted(WORST_FIRST).toList();
        var last = Math.max(1, Math.ceilDiv(matching.size(), PAGE_SIZE));
        var number = Math.clamp(page, 1, last);
        var shown = matching.stream().skip((number - 1L) * PAGE_SIZE).limit(PAGE_SIZE).toList();
        var unknown =
                matching.stream().filter(condition -> condition.state() == State.UNKNOWN).count();
        return new Page(shown, matching.size(), (int) unknown, number, last);
    }

    private boolean matches(Condition condition) {
        var state = condition.state();
        return (everything || state.differs() || state == State.UNKNOWN)
                && namespace.map(condition.key().namespace()::equals).orElse(true);
    }
}
