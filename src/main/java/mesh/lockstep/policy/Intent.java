package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What its author says a policy is for, read from its annotations. One that cannot be read counts
/// as absent.
///
/// @param relative whether the policy's own cluster's name in it is read as "here"
/// @param unreadable the annotations that cannot be read
public record Intent(
        Revision revision, Members members, boolean relative, List<Unreadable> unreadable) {

    public static final String REVISION = "lockstep.mesh/revision";
    public static final String MEMBERS = "lockstep.mesh/members";
    public static final String RELATIVE = "lockstep.mesh/relative";

    /// Of a policy that says nothing.
    public static final Intent DEFAULT =
            new Intent(Revision.NONE, new Members.All(), false, List.of());

    public Intent {
        unreadable = List.copyOf(unreadable);
    }

    /// An annotation with a value that is not allowed.
    ///
    /// @param annotation its name
    /// @param allowed what may be written instead
    public record Unreadable(String annotation, String value, String allowed) {}

    /// Reads the annotations of a whole object.
    ///
    /// @param now the time: some revisions are not allowed yet
    public static Intent of(JsonNode object, Instant now) {
        var annotations = object.path("metadata").path("annotations");
        var unreadable = new ArrayList<Unreadable>();
        var intent =
                new Intent(
                        read(
                                        annotations,
                                        REVISION,
                                        it -> Revision.parse(it, now),
                                        Revision.ALLOWED,
                                        unreadable)
                                .orElse(Revision.NONE),
                        read(annotations, MEMBERS, Members::parse, Members.ALLOWED, unreadable)
                                .orElse(DEFAULT.members()),
                        read(annotations, RELATIVE, Intent::parseFlag, "true or false", unreadable)
                                .orElse(false),
                        unreadable);
        // Most policies say nothing: one object serves the memory of thousands.
        return intent.equals(DEFAULT) ? DEFAULT : intent;
    }

    private static <T> Optional<T> read(
            JsonNode annotations,
            String name,
            Function<String, Optional<T>> parse,
            String allowed,
            List<Unreadable> unreadable) {
        if (!annotations.hasNonNull(name)) {
            return Optional.empty();
        }
        var value = annotations.path(name).asText();
        var parsed = parse.apply(value);
        if (parsed.isEmpty()) {
            unreadable.add(new Unreadable(name, value, allowed));
        }
        return parsed;
    }

    private static Optional<Boolean> parseFlag(String text) {
        return switch (text.strip()) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
