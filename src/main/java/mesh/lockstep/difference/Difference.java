package mesh.lockstep.difference;

/// One place where two policies part, in the words of the manifest. "Here" is the policy that is
/// judged, "there" the peer's.
public sealed interface Difference {

    /// Where, as the manifest has it: `ingress[0].toPorts[1].ports`. Never empty.
    String path();

    /// The policy that is judged says more.
    ///
    /// @param here a text as it is, any other value as JSON
    record OnlyHere(String path, String here) implements Difference {}

    /// The peer's policy says more.
    ///
    /// @param path where it is in the peer's manifest
    /// @param there a text as it is, any other value as JSON
    record OnlyThere(String path, String there) implements Difference {}

    /// Both say something, but not the same.
    ///
    /// @param path where it is in the manifest that is judged
    record Changed(String path, String here, String there) implements Difference {}

    /// Both say the same things, in another order or not equally often, where that counts.
    ///
    /// @param path of the list, in the manifest that is judged
    record Reordered(String path) implements Difference {}
}
