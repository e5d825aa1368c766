package mesh.lockstep.difference;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import mesh.lockstep.difference.Difference.Reordered;

/// Where two policies part.
///
/// @param places the first, in the order of the manifest that is judged; none is left out before
///   the last of them
/// @param more how many were found beyond these
/// @param complete whether all were found; if not, the two differ in more places than there was
///   time to look for, or are too large to show any
public record Differences(List<Difference> places, int more, boolean complete) {

    /// Nobody reads more.
    private static final int MAX_PLACES = 500;

    /// Two equal policies.
    public static final Differences NONE = new Differences(List.of(), 0, true);

    /// They differ, and it cannot be said where.
    public static final Differences TOO_LARGE = new Differences(List.of(), 0, false);

    public Differences {
        places = List.copyOf(places);
    }

    /// @param found made into words only as far as they are shown
    static Differences of(List<Supplier<Difference>> found, boolean complete) {
        var places = found.stream().limit(MAX_PLACES).map(Supplier::get).toList();
        return new Differences(places, found.size() - places.size(), complete);
    }

    /// How many are known.
    public int count() {
        return places.size() + more;
    }

    /// Whether the two are the same.
    public boolean isNone() {
        return places.isEmpty() && complete;
    }

    /// A sentence for people, where the order of a list makes the difference.
    ///
    /// Not for what is compared as written: there the order of all lists counts.
    public Optional<String> order() {
        return places.stream()
                .filter(Reordered.class::isInstance)
                .findFirst()
                .map(
                        difference ->
                                "In %s only the order differs, or how often a thing is said: for such rules that counts to Cilium."
                                        .formatted(difference.path()));
    }
}
