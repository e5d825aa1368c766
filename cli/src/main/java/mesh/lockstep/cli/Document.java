package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Optional;
import mesh.lockstep.policy.PolicyKey.Kind;

/// What a file has, before it is known what that is.
///
/// @param source the file's name as it was given
/// @param spot where it begins
record Document(String source, Spot spot, JsonNode json) {

    /// Empty if it is no policy.
    Optional<Kind> kind() {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.kindName().equals(json.path("kind").asText()))
                .filter(kind -> json.path("apiVersion").asText().startsWith(kind.group() + "/"))
                .findFirst();
    }

    String title() {
        return "%s has %s %s"
                .formatted(
                        source,
                        json.path("kind").asText("something without a kind"),
                        json.at("/metadata/name").asText());
    }
}
