package mesh.lockstep.cli;

/// What a user gave that a command cannot work with. The message is for people, and is all that
/// they get to see.
final class Unusable extends Exception {

    private static final long serialVersionUID = 1;

    Unusable(String message) {
        super(message);
    }
}
