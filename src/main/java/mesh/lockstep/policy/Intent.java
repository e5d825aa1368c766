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

    /// Labels by which Cilium's operator marks what it derives.
    static final String KIND = "io.cilium.network.policy.kind";

    static final String PARENT = "io.cilium.network.policy.parent.uuid";

    /// The intent of a policy that says nothing.
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

    /// Reads the annotations of a whole object. Without any, what Cilium derives is for its own
    /// cluster only.
    ///
    /// @param now the time: some revisions are not allowed yet
    public static Intent of(JsonNode object, Instant now) {
        var annotations = object.path("metadata").path("annotations");
        var unreadable = new ArrayList<Unreadable>();
        Function<String, Optional<Revision>> ofNow = text -> Revision.parse(text, now);
        var revision = read(annotations, REVISION, ofNow, Revision.ALLOWED, unreadable);
        var members = read(annotations, MEMBERS, Members::parse, Members.ALLOWED, unreadable);
        var relative = read(annotations, RELATIVE, Intent::parseFlag, "true or false", unreadable);
        var usual = isDerived(object) ? new Members.Local() : DEFAULT.members();
        var intent =
                new Intent(
                        revision.orElse(Revision.NONE),
                        members.orElse(usual),
                        relative.orElse(false),
                        unreadable);
        // Most policies say nothing: one object serves the memory of thousands.
        return intent.equals(DEFAULT) ? DEFAULT : intent;
    }

    /// A sentence for people, where one of two policies that are compared is relative.
    ///
    /// @param here where the one policy is, as "here"
    /// @param there where the other is, as "in cluster2"
    public static Optional<String> relativeNote(
            Intent ours, Intent theirs, String here, String there) {
        if (ours.relative() && theirs.relative()) {
            return Optional.of("Each cluster's own name in it was read as \"here\".");
        }
        if (!ours.relative() && !theirs.relative()) {
            return Optional.empty();
        }
        return Optional.of(
                "Only the copy %s has %s: the name of its own cluster in it was read as \"here\"."
                        .formatted(ours.relative() ? here : there, RELATIVE));
    }

    /// Up to 1.19, Cilium's operator makes of a policy with `toGroups` another one, which holds the
    /// addresses that it found and is named after the uid of the first: no two clusters have it in
    /// common (`pkg/policy/groups/helpers.go`, v1.19).
    private static boolean isDerived(JsonNode object) {
        var metadata = object.path("metadata");
        var labels = metadata.path("labels");
        var parent = labels.path(PARENT).asText();
        return labels.path(KIND).asText().equals("derivative")
                && !parent.isEmpty()
                && metadata.path("name").asText().endsWith("-togroups-" + parent);
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
