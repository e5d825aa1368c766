package mesh.lockstep.cli;

import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.Cause;

/// What became of a check.
sealed interface Outcome {

    /// Something is not as it should be.
    ///
    /// @param what for people, in a few words
    /// @param todo the next thing to do about it
    record Wrong(String what, String todo) implements Outcome {}

    /// It is not known.
    ///
    /// @param why for people, in a few words
    record Unread(String why) implements Outcome {}

    /// All is well.
    record Good() implements Outcome {}

    /// Something else has to be right first.
    record Unchecked() implements Outcome {}

    /// Of an answer that is not what was asked for: a right that is missing says nothing about what
    /// there is.
    static Outcome unread(Answer answer, String verb, String resource) {
        var how = Cluster.isForbidden(answer) ? "may not be read: " : "cannot be read: ";
        return new Unread(how + Cause.of(answer, verb, resource));
    }

    /// Whether the API server says that there is no such object.
    static boolean isAbsent(Answer answer) {
        return answer instanceof Rejected rejected && rejected.code() == ApiServer.NOT_FOUND;
    }

    /// The mark in a table, which works without color.
    default String mark() {
        return switch (this) {
            case Good _ -> "✔";
            case Wrong _ -> "✘";
            case Unread _ -> "?";
            case Unchecked _ -> "-";
        };
    }

    /// The same for programs.
    default String word() {
        return switch (this) {
            case Good _ -> "good";
            case Wrong _ -> "wrong";
            case Unread _ -> "unread";
            case Unchecked _ -> "unchecked";
        };
    }
}
