package mesh.lockstep.apiserver;

import java.io.IOException;

/// A peer sends more than an API server does, or than there is room for.
final class TooMuchException extends IOException {

    private static final long serialVersionUID = 1;

    /// @param reason for people, in a few words
    TooMuchException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
