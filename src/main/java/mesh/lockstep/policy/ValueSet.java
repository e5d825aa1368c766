package mesh.lockstep.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a selector wants of one label: `app: web` is "present, one of [web]".
///
/// @param mayBeAbsent whether an endpoint without the label is selected too
/// @param allBut whether `values` are those that are not allowed
public record ValueSet(boolean mayBeAbsent, boolean allBut, SortedSet<String> values) {

    /// Label present, whatever its value.
    public static final ValueSet PRESENT = new ValueSet(false, true, new TreeSet<>());

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

    /// What satisfies both.
    public ValueSet and(ValueSet other) {
        var absent = mayBeAbsent && other.mayBeAbsent;
        if (allBut && other.allBut) {
            var excluded = new TreeSet<>(values);
            excluded.addAll(other.values);
            return new ValueSet(absent, true, excluded);
        }
        var finite = allBut ? other : this;
        var bound = allBut ? this : other;
        var shared = new TreeSet<>(finite.values);
        shared.removeIf(value -> !bound.allows(value));
        return new ValueSet(absent, false, shared);
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

    @Override
    public String toString() {
        return (mayBeAbsent ? "absent or " : "") + (allBut ? "not in " : "in ") + values;
    }
}
