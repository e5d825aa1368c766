package mesh.lockstep.support;

import java.util.ArrayList;
import java.util.List;

/// Names of one length that all have one hash code: each two letters are one of two pairs that do.
public final class AlikeNames {

    private AlikeNames() {}

    /// Names of one hash code.
    ///
    /// @param power of 2: this many
    public static List<String> of(int power) {
        var names = new ArrayList<>(List.of(""));
        for (int i = 0; i < power; i++) {
            var more = names.stream().map(it -> it + "c0").toList();
            names.replaceAll(it -> it + "an");
            names.addAll(more);
        }
        return names;
    }
}
