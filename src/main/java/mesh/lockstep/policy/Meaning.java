package mesh.lockstep.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import mesh.lockstep.policy.Statement.Said;
import org.jspecify.annotations.Nullable;

/// What Cilium makes of a policy: the set of its statements, in which order and duplicates have
/// disappeared. Policies with equal meanings are the same policy.
public final class Meaning {

    private final Digest digest;

    /// Why all of it is compared as written, if it is.
    private final Optional<AsWritten> whole;

    private final Supplier<Meaning> reading;

    /// Null until somebody asks, where only the digest is known.
    private volatile @Nullable Read read;

    /// What was read.
    ///
    /// @param written why the first part that is compared as written is so, if there is any
    private record Read(SortedSet<Statement> statements, Optional<AsWritten> written) {}

    private Meaning(Digest digest, Read read) {
        this.digest = digest;
        this.read = read;
        this.whole = read.written().filter(AsWritten::isWhole);
        this.reading = () -> this;
    }

    private Meaning(Digest digest, Supplier<Meaning> reading) {
        this.digest = digest;
        this.whole = Optional.empty();
        this.reading = reading;
    }

    public static Meaning of(Collection<? extends Statement> statements) {
        var sorted = Collections.<Statement>unmodifiableSortedSet(new TreeSet<>(statements));
        return new Meaning(Encoding.of(sorted), new Read(sorted, Optional.empty()));
    }

    /// The same, of which a part is compared as written.
    ///
    /// @param why of the first such part
    public Meaning with(AsWritten why) {
        return new Meaning(digest, new Read(statements(), Optional.of(why)));
    }

    /// A policy that is compared by its text.
    ///
    /// @param text all that counts of the policy, of which no more than a page is kept
    /// @param why of the whole
    public static Meaning asWritten(String text, AsWritten why) {
        return of(List.of(new Said(List.of("as written: " + Abridged.of(text))))).with(why);
    }

    /// What was read before, and is not compared as written as a whole.
    ///
    /// @param digest over its statements
    /// @param reading reads it again
    static Meaning remembered(Digest digest, Supplier<Meaning> reading) {
        return new Meaning(digest, reading);
    }

    private Read read() {
        var known = read;
        if (known == null) {
            known = reading.get().read();
            read = known;
        }
        return known;
    }

    public SortedSet<Statement> statements() {
        return read().statements();
    }

    /// Why the policy is compared as written, for people; empty where it is compared by what Cilium
    /// makes of it. No part of the comparison: the statements say it too.
    public Optional<String> asWritten() {
        return whole.map(AsWritten::reason);
    }

    /// The same, or the first part that is compared as written. No part of the comparison either.
    public Optional<AsWritten> written() {
        return read().written();
    }

    /// Why Cilium would take none of the rules; empty where it takes them, or may do so.
    ///
    /// @param spec to which it belongs
    Optional<Rejection> rejection(Spec spec) {
        return whole.flatMap(written -> written.rejection(spec));
    }

    /// SHA-256 over the statements, by which meanings are compared.
    public Digest digest() {
        return digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Meaning it && digest.equals(it.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return statements().stream().map(Statement::text).toList().toString();
    }
}
