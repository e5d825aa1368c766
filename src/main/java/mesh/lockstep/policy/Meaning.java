package mesh.lockstep.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What Cilium makes of a policy: the set of its statements, in which order and duplicates have
/// disappeared. Policies with equal meanings are the same policy.
///
/// @param asWritten why the policy is compared as written, for people; empty where it is compared
///   by what Cilium makes of it. No part of the comparison: the statements say it too
public record Meaning(SortedSet<Statement> statements, Optional<String> asWritten) {

    public Meaning {
        statements = Collections.unmodifiableSortedSet(new TreeSet<>(statements));
    }

    public static Meaning of(Collection<Statement> statements) {
        return new Meaning(new TreeSet<>(statements), Optional.empty());
    }

    public static Meaning asWritten(String text, String reason) {
        return new Meaning(
                new TreeSet<>(List.of(Statement.of("as written: " + text))), Optional.of(reason));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Meaning(var theirs, _) && statements.equals(theirs);
    }

    @Override
    public int hashCode() {
        return statements.hashCode();
    }

    /// SHA-256 over the statements, each preceded by its length so that no two sets read alike.
    public Digest digest() {
        var sha256 = Digest.sha256();
        for (var statement : statements) {
            var bytes = statement.text().getBytes(StandardCharsets.UTF_8);
            sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            sha256.update(bytes);
        }
        return Digest.of(sha256.digest());
    }
}
