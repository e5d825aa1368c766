package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;

/// What a comparison has found.
interface Result {

    /// Whether there is a difference.
    boolean differs();

    /// Whether everything could be read.
    boolean isComplete();

    /// For people.
    void print(Terminal terminal);

    /// For programs.
    JsonNode json();

    /// For pipelines.
    Report report();
}
