package mesh.lockstep.difference;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.difference.Difference.Changed;
import mesh.lockstep.policy.Intent;

/// Where two copies differ in the annotations that every member should have alike.
public final class IntentDifferences {

    private IntentDifferences() {}

    /// The revision first.
    public static List<Changed> of(Intent here, Intent there) {
        return Stream.of(
                        difference(Intent.REVISION, here.revision(), there.revision()),
                        difference(Intent.MEMBERS, here.members(), there.members()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Changed> difference(String annotation, Object here, Object there) {
        return here.equals(there)
                ? Optional.empty()
                : Optional.of(
                        new Changed(
                                "metadata.annotations[\"" + annotation + "\"]",
                                here.toString(),
                                there.toString()));
    }
}
