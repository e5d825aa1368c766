package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import mesh.lockstep.policy.PolicyKey;

/// A policy as a file has it.
///
/// @param source the file's name as it was given
/// @param spot where it begins
/// @param document all of it
/// @param object what is compared of it
record Manifest(String source, Spot spot, PolicyKey key, JsonNode document, JsonNode object) {

    /// By which a command is told to read it again.
    String filename() {
        return source.equals(Documents.FROM_STANDARD_INPUT) ? Documents.STANDARD_INPUT : source;
    }

    /// What is wrong where a policy must not be twice.
    Unusable second() {
        return new Unusable("%s has a second %s".formatted(source, Parting.title(key)));
    }
}
