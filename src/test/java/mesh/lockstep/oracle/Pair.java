package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.support.Policies;

/// Two policies to be compared.
///
/// @param id unique in a run
/// @param how the second was made from the first
/// @param a an object with `spec` and `specs`, as of a CiliumNetworkPolicy `ns1/p`; with `ccnp:
///   true` it is clusterwide
public record Pair(String id, String how, ObjectNode a, ObjectNode b) {

    static final List<Rewrite> REWRITES =
            Stream.of(
                            OrderRewrites.ALL,
                            SpecRewrites.ALL,
                            SelectorRewrites.ALL,
                            PortRewrites.ALL,
                            SpellingRewrites.ALL,
                            DefaultRewrites.ALL)
                    .flatMap(List::stream)
                    .toList();

    private static final PolicyKey NAMESPACED =
            new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "ns1", "p");
    private static final PolicyKey CLUSTERWIDE =
            new PolicyKey(Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY, "", "p");

    /// The pair of this index, whichever were made before it.
    public static Pair random(long seed, long index) {
        var dice = Dice.of(seed, index);
        var pair = draw(seed + "-" + index, dice);
        while (pair.isAmbiguous()) {
            pair = draw(seed + "-" + index, dice);
        }
        return pair;
    }

    /// Whether a label is there with and without its source: Cilium keeps one of the two, not
    /// always the same.
    boolean isAmbiguous() {
        return isAmbiguous(a) || isAmbiguous(b);
    }

    private static boolean isAmbiguous(ObjectNode policy) {
        return !Place.all(
                        policy,
                        it ->
                                it instanceof Place.Property label
                                        && label.name().startsWith("any:")
                                        && label.parent().has(label.name().substring(4)))
                .isEmpty();
    }

    private static Pair draw(String id, Dice dice) {
        var clusterwide = dice.chance(30);
        var policies = new RandomPolicies(dice, clusterwide);
        var a = policies.policy();
        var b = a.deepCopy();
        var how = new StringBuilder();
        var kind = dice.below(100);
        if (kind >= 94) {
            b = policies.policy();
            how.append("apart");
        }
        if (kind < 40 || dice.chance(40)) {
            rewrite(b, REWRITES, dice, how);
        }
        if (kind >= 40 && kind < 94) {
            for (var n = dice.few(2); n > 0; n--) {
                change(b, clusterwide, dice, how);
            }
        }
        return new Pair(id, how.toString(), a, b);
    }

    static void rewrite(ObjectNode policy, List<Rewrite> rewrites, Dice dice, StringBuilder how) {
        for (var n = dice.few(4); n > 0; n--) {
            for (var tries = 0; tries < 8; tries++) {
                var rewrite = dice.one(rewrites);
                if (rewrite.apply(policy, dice)) {
                    how.append(how.isEmpty() ? "" : ", ").append(rewrite.name());
                    break;
                }
            }
        }
    }

    static void change(ObjectNode policy, boolean clusterwide, Dice dice, StringBuilder how) {
        for (var tries = 0; tries < 8; tries++) {
            Optional<String> change = LeafChange.apply(policy, clusterwide, dice);
            if (change.isPresent()) {
                how.append(how.isEmpty() ? "! " : ", ! ").append(change.get());
                return;
            }
        }
    }

    /// The first of them.
    public Policy one() {
        return read(a);
    }

    /// The second.
    public Policy other() {
        return read(b);
    }

    /// Whether we take the two for the same.
    public boolean same() {
        return one().meaning().equals(other().meaning());
    }

    /// Whether the two differ in nothing but what is compared as written, or in its order, since
    /// Cilium joins filters there, has one proxy for several, heeds the longest prefix of a port,
    /// or keeps what it comes upon first.
    boolean differOnlyAsWritten() {
        return differOnlyAsWritten(one(), other());
    }

    static boolean differOnlyAsWritten(Policy one, Policy other) {
        return !one.meaning().equals(other.meaning())
                && (hasTwoValues(one)
                        || hasTwoValues(other)
                        || readStatements(one).equals(readStatements(other)));
    }

    /// Whether a label has two values, of which Cilium keeps one: all is compared as written then.
    private static boolean hasTwoValues(Policy policy) {
        return policy.meaning()
                .asWritten()
                .filter(it -> it.startsWith("two values for the label"))
                .isPresent();
    }

    private static List<Statement> readStatements(Policy policy) {
        return policy.meaning().statements().stream()
                .filter(it -> !it.text().startsWith("filters that are joined"))
                .filter(it -> !it.text().startsWith("ports as written, for "))
                .filter(it -> !it.text().matches("(ranges from|everyone).*, in order .*"))
                .toList();
    }

    private static Policy read(ObjectNode policy) {
        return Policies.read(policy.has("ccnp") ? CLUSTERWIDE : NAMESPACED, policy);
    }

    /// What the oracle is asked.
    ObjectNode question() {
        var question = JsonNodeFactory.instance.objectNode().put("id", id);
        question.set("a", a);
        question.set("b", b);
        return question;
    }
}
