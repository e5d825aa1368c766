package mesh.lockstep.kubeconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import mesh.lockstep.policy.StrictJson;

/// What a token says of itself (RFC 7519, section 4). Whether that is true, only who issued it can
/// tell.
public final class Claims {

    private Claims() {}

    /// Empty for tokens of other forms, which say nothing to us.
    public static Optional<JsonNode> of(String token) {
        var parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(StrictJson.read(Base64.getUrlDecoder().decode(parts[1])));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
