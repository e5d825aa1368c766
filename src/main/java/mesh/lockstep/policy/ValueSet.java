package mesh.lockstep.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What a selector wants of one label: `app: web` is "present, one of [web]".
///
/// @param mayBeAbsent whether an endpoint without the label is selected too
/// @param allBut whether `values` are those that are not allowed
public record ValueSet(boolean mayBeAbsent, boolean allBut, SortedSet<String> values) {

    /// Label present, whatever its value.
    public static final ValueSet PRESENT = new ValueSet(false, true, new TreeSet<>());

    /// Nothing is wanted of the label.
    public static final ValueSet ANYTHING = noneOf(List.of());

    /// Label absent.
    public static final ValueSet ABSENT = new ValueSet(true, false, new TreeSet<>());

    public ValueSet {
        values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
    }

    public static ValueSet oneOf(Collection<String> values) {
        return new ValueSet(false, false, new TreeSet<>(values));
    }

    /// Absent labels are none of the values.
    public static ValueSet noneOf(Collection<String> values) {
        return new ValueSet(true, true, new TreeSet<>(values));
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
        wanted.stream().filter(ValueSet::allBut).forEach(it -> excluded.addAll(it.values));
        var finite = wanted.stream().filter(it -> !it.allBut).toList();
        if (finite.isEmpty()) {
            return new ValueSet(mayBeAbsent, true, new TreeSet<>(excluded));
        }
        var allowed = new TreeSet<>(finite.getFirst().values);
        finite.forEach(it -> allowed.removeIf(value -> !it.values.contains(value)));
        allowed.removeIf(excluded::contains);
        return new ValueSet(mayBeAbsent, false, allowed);
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
            return allBut && other.values.containsAll(values);
        }
        return other.values.stream().allMatch(this::allows);
    }

    private boolean allows(String value) {
        return allBut != values.contains(value);
    }

    /// Values as a text; that of a set with the empty value is not that of the empty set.
    public static String text(Collection<String> values) {
        return values.stream()
                .map(value -> value.isEmpty() ? "\"\"" : value)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public String toString() {
        return (mayBeAbsent ? "absent or " : "") + (allBut ? "not in " : "in ") + text(values);
    }
}
