package mesh.lockstep.drift;

import java.util.List;
import java.util.stream.Collectors;

/// A CIDR group that policies name, and the members that lack it.
///
/// @param missingIn in the order of their names
public record GroupRow(String group, List<String> missingIn) {

    private static final int MAX_NAMED = 5;

    public String members() {
        return named(missingIn, ", ");
    }

    /// The first of the members, and how many more.
    static String named(List<String> members, String separator) {
        var named = members.stream().limit(MAX_NAMED).collect(Collectors.joining(separator));
        var more = members.size() - MAX_NAMED;
        return more > 0 ? named + " and " + more + " more" : named;
    }
}
