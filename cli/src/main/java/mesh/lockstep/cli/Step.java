package mesh.lockstep.cli;

/// What became of a part of a command.
///
/// @param text for people
/// @param failed whether it has to be repeated
record Step(String text, boolean failed) {

    static Step done(String text) {
        return new Step(text, false);
    }

    static Step failed(String text) {
        return new Step(text, true);
    }
}
