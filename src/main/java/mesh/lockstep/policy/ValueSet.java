package mesh.lockstep.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeSet;

/// What a selector wants of one label: `app: web` is "present, one of [web]".
///
/// @param mayBeAbsent whether an endpoint without the label is selected too
/// @param allBut whether `values` are those that are not allowed
/// @param values sorted, each once
public record ValueSet(boolean mayBeAbsent, boolean allBut, List<String> values) {

    /// Label present, whatever its value.
    public static final ValueSet PRESENT = new ValueSet(false, true, List.of());

    /// Nothing is wanted of the label.
    public static final ValueSet ANYTHING = noneOf(List.of());

    /// Label absent.
    public static final ValueSet ABSENT = new ValueSet(true, false, List.of());

    public ValueSet {
        values = values.size() < 2 ? List.copyOf(values) : List.copyOf(new TreeSet<>(values));
    }

    public static ValueSet oneOf(Collection<String> values) {
        return new ValueSet(false, false, List.copyOf(values));
    }

    /// An absent label is not one of the values.
    public static ValueSet noneOf(Collection<String> values) {
        return new ValueSet(true, true, List.copyOf(values));
    }

    /// What satisfies each of them.
    ///
    /// @param wanted at least one
    public static ValueSet allOf(List<ValueSet> wanted) {
        if (wanted.size() == 1) {
            return wanted.getFirst();
        }
        var mayBeAbsent = wanted.stream().allMatch(ValueSet::mayBeAbsent);
        var excluded = new HashSet<String>();
        wanted.stream().filter(ValueSet::allBut).forEach(set -> excluded.addAll(set.values));
        var finite = wanted.stream().filter(set -> !set.allBut).toList();
        if (finite.isEmpty()) {
            return new ValueSet(mayBeAbsent, true, List.copyOf(excluded));
        }
        var allowed = new TreeSet<>(finite.getFirst().values);
        // Each takes as many steps as the one before it has values, so that all take as many as
        // there are values.
        finite.forEach(set -> allowed.removeIf(value -> !set.lists(value)));
        allowed.removeIf(excluded::contains);
        return new ValueSet(mayBeAbsent, false, List.copyOf(allowed));
    }

    /// Whether no label whatsoever would do for both.
    public static boolean areApart(ValueSet one, ValueSet other) {
        return allOf(List.of(one, other)).isImpossible();
    }

    /// Whether no label whatsoever would do.
    public boolean isImpossible() {
        return !mayBeAbsent && !allBut && values.isEmpty();
    }

    /// Whether all that satisfies `other` satisfies this too.
    public boolean covers(ValueSet other) {
        if (other.mayBeAbsent && !mayBeAbsent) {
            return false;
        }
        if (other.allBut) {
            return allBut && values.stream().allMatch(other::lists);
        }
        return other.values.stream().allMatch(this::allows);
    }

    private boolean allows(String value) {
        return allBut != lists(value);
    }

    private boolean lists(String value) {
        return Collections.binarySearch(values, value) >= 0;
    }

    /// Values as a text, like that of no others.
    public static String text(Collection<String> values) {
        var text = new StringJoiner(", ", "[", "]");
        values.forEach(value -> text.add(Word.of(value)));
        return text.toString();
    }

    @Override
    public String toString() {
        return (mayBeAbsent ? "absent or " : "") + (allBut ? "not in " : "in ") + text(values);
    }
}
