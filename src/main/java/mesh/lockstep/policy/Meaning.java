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

    private final Optional<String> asWritten;
    private final Optional<Rejected> rejected;
    private final Digest digest;
    private final Supplier<Meaning> reading;

    /// Null until somebody asks, where only the digest is known.
    private volatile @Nullable SortedSet<Statement> statements;

    /// That Cilium would not take a rule.
    ///
    /// @param rule its index
    /// @param rejection with a place in that rule
    private record Rejected(int rule, Rejection rejection) {}

    private Meaning(
            Collection<? extends Statement> statements,
            Optional<String> asWritten,
            Optional<Rejected> rejected) {
        var sorted = Collections.<Statement>unmodifiableSortedSet(new TreeSet<>(statements));
        this.statements = sorted;
        this.asWritten = asWritten;
        this.rejected = rejected;
        this.digest = Encoding.of(sorted);
        this.reading = () -> this;
    }

    private Meaning(Digest digest, Supplier<Meaning> reading) {
        this.asWritten = Optional.empty();
        this.rejected = Optional.empty();
        this.digest = digest;
        this.reading = reading;
    }

    public static Meaning of(Collection<? extends Statement> statements) {
        return new Meaning(statements, Optional.empty(), Optional.empty());
    }

    /// A policy that is compared by its text.
    ///
    /// @param text all that counts of the policy, of which no more than a page is kept
    /// @param reason for people
    public static Meaning asWritten(String text, String reason) {
        return new Meaning(written(text), Optional.of(reason), Optional.empty());
    }

    /// A policy that Cilium would not take, which is compared by its text.
    ///
    /// @param text as above
    /// @param rule the index of the first rule that Cilium would not take
    /// @param rejection with a place in that rule
    public static Meaning rejected(String text, int rule, Rejection rejection) {
        return new Meaning(
                written(text),
                Optional.of(rejection.reason()),
                Optional.of(new Rejected(rule, rejection)));
    }

    private static List<Statement> written(String text) {
        return List.of(new Said(List.of("as written: " + Abridged.of(text))));
    }

    /// What was read before, and is compared by what Cilium makes of it.
    ///
    /// @param digest over its statements
    /// @param reading reads it again
    static Meaning remembered(Digest digest, Supplier<Meaning> reading) {
        return new Meaning(digest, reading);
    }

    public SortedSet<Statement> statements() {
        var known = statements;
        if (known == null) {
            known = reading.get().statements();
            statements = known;
        }
        return known;
    }

    /// Why the policy is compared as written, for people; empty where it is compared by what Cilium
    /// makes of it. No part of the comparison: the statements say it too.
    public Optional<String> asWritten() {
        return asWritten;
    }

    /// Why Cilium would take none of the rules; empty where it takes them, or may do so.
    ///
    /// @param rules to which it belongs, in their order
    Optional<Rejection> rejection(List<Spec.Rule> rules) {
        return rejected.map(it -> it.rejection().in(rules.get(it.rule()).path()));
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
