package mesh.lockstep.policy;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;

/// A document that breaks the bounds of reading, in a place that no API server fills that much.
public final class TooLargeException extends JsonProcessingException {

    private static final long serialVersionUID = 1;

    /// @param reason for people, without a piece of the document
    TooLargeException(String reason, JsonLocation where) {
        super(reason, where);
    }

    /// For people, without a piece of the document.
    public String reason() {
        return getOriginalMessage();
    }
}
