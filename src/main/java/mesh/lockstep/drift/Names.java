package mesh.lockstep.drift;

import java.util.List;
import java.util.stream.Collectors;

/// Many names for one line.
public final class Names {

    private static final int MAX_NAMED = 5;

    private Names() {}

    /// The first, and how many more there are.
    public static String first(List<String> names, String separator) {
        var named = names.stream().limit(MAX_NAMED).collect(Collectors.joining(separator));
        var more = names.size() - MAX_NAMED;
        return more > 0 ? named + " and " + more + " more" : named;
    }
}
