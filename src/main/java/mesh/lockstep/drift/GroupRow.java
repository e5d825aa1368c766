package mesh.lockstep.drift;

import java.util.List;

/// A CIDR group that policies name, and the members that lack it.
///
/// @param missingIn in the order of their names
public record GroupRow(String group, List<String> missingIn) {

    public String members() {
        return Names.first(missingIn, ", ");
    }
}
