package mesh.lockstep.policy;

import java.util.Comparator;
import java.util.List;

/// The order of lists: by the first element that differs, and a list before what goes on after it.
public record Lexicographic<T>(Comparator<? super T> elements) implements Comparator<List<T>> {

    /// The order of lists whose elements have an order.
    public static <T extends Comparable<? super T>> Lexicographic<T> natural() {
        return new Lexicographic<>(Comparator.<T>naturalOrder());
    }

    @Override
    public int compare(List<T> one, List<T> other) {
        var shorter = Math.min(one.size(), other.size());
        for (int i = 0; i < shorter; i++) {
            var order = elements.compare(one.get(i), other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), other.size());
    }
}
