package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import mesh.lockstep.policy.PolicyKey;

/// A policy as a file has it.
///
/// @param source the file's name as it was given
/// @param spot where it begins
record Manifest(String source, PolicyKey key, JsonNode object, Spot spot) {}
