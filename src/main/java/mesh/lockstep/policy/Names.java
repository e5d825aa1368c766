package mesh.lockstep.policy;

import java.util.List;
import java.util.stream.Collectors;

/// Many names on one line.
public final class Names {

    private static final int MAX_NAMED = 5;

    private Names() {}

    /// The first five, and how many more there are.
    public static String first(List<String> names, String separator) {
        return first(names, separator, MAX_NAMED);
    }

    /// The first, and how many more there are.
    public static String first(List<String> names, String separator, int most) {
        var named = names.stream().limit(most).collect(Collectors.joining(separator));
        var more = names.size() - most;
        return more > 0 ? named + " and " + more + " more" : named;
    }
}
